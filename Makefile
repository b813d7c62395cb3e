# gongbao · 公报. `make help` lists the recipes. Needs Python 3.11 to 3.14 as python3 (or PYTHON=…), git and make.
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTHON ?= python3
export PYTHON
SAMPLE := raw/yunhai-2025-03.md
UV_COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header --annotation-style line $(UPGRADE)

.PHONY: help install install-ocr run test test-access lint format types lock lock-check docs quality benchmark clean

help: ## list the recipes · 列出命令
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

install: ## set up .venv from the lock, no more · 建立虚拟环境
	@.ci/venv run

install-ocr: ## the same and what reads scans and images, gongbao[ocr] · 加装扫描件识别
	@.ci/venv ocr

run: install ## ingest the sample into curated/ and print what came out · 处理示例公报
	@$(BIN)/gongbao ingest $(SAMPLE)
	@$(BIN)/gongbao summary

test: ## install what tests need and run them all · 运行测试
	@.ci/venv dev
	@$(BIN)/python -m pytest -q

test-access: ## run all of docs/access.md, Spark and the command line of DuckDB too (460 MB) · 测试各种取用方式
	@.ci/access

lint: ## ruff and import-linter · 代码检查
	@.ci/venv dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-logo

format: ## let ruff rewrite the code · 格式化代码
	@.ci/venv dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: ## mypy, strict · 类型检查
	@.ci/venv dev
	@$(BIN)/mypy

lock: ## make the lock files anew (UPGRADE=--upgrade takes newer versions) · 更新锁定文件
	@.ci/venv dev
	$(UV_COMPILE) pyproject.toml -o requirements.txt
	$(UV_COMPILE) pyproject.toml --extra dev -c requirements.txt -o requirements-dev.txt
	$(UV_COMPILE) pyproject.toml --extra ocr -c requirements.txt -c requirements-dev.txt -o requirements-ocr.txt
	$(UV_COMPILE) --group access -c requirements.txt -c requirements-dev.txt -o requirements-access.txt
	$(UV_COMPILE) --group bench -c requirements.txt -o requirements-bench.txt
	$(UV_COMPILE) --group build -o requirements-build.txt

lock-check: ## do the lock files satisfy pyproject.toml? · 检查锁定文件
	@.ci/venv dev
	@$(BIN)/python .ci/lock_check.py

docs: ## build the documentation site into build/docs · 文档网站
	@.ci/venv dev
	@$(BIN)/python -m sphinx -q -W --keep-going docs build/docs
	@echo "build/docs/index.html"

quality: ## score both golds against the baseline (UPDATE=1 writes it anew) · 质量报告
	@.ci/venv dev
	@$(BIN)/python -m benchmarks.quality $(if $(UPDATE),--update)

benchmark: ## parse speed against JioNLP · 性能对比
	@benchmarks/run

clean: ## remove .venv, caches and built files (not curated/) · 清理
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
