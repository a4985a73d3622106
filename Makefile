# What a person does with this project. Python 3.11 and make are enough for `make run`.
SHELL = /bin/sh
PYTHON = .venv/bin/python
PORT ?= $(or $(VDX_PORT),8000)
SINCE := $(shell date +%s.%N)

.PHONY: help run run-production demo-users test fuzz-api bench-api lock vendor messages bench-media bench-join bench-export bench-monitoring clean

help:
	@echo "make run             start VDX on this machine with demo data: http://localhost:$(PORT)/"
	@echo "make demo-users      the demo users' e-mail, password and present code"
	@echo "make run-production  start VDX in service, from VDX_* settings (docs/operations.md)"
	@echo "make test            every check and test there is"
	@echo "make fuzz-api        twenty minutes of made-up calls to the VDX-API"
	@echo "make bench-api       measure the VDX-API beside a bare view; needs PostgreSQL, Redis and two quiet cores"
	@echo "make lock            lock the requirements anew after a change in pyproject.toml"
	@echo "make vendor          fetch the design system anew into static/vendor"
	@echo "make messages        collect the texts to be translated, and compile them"
	@echo "make bench-media     measure the relay against Janus (Debian: apt-get install janus); needs root and two quiet cores"
	@echo "make bench-join      seconds from a patient's link to the doctor's picture, beside two bare pages; needs two quiet cores"
	@echo "make bench-export    pack a million responses for research, beside PostgreSQL's COPY; needs PostgreSQL, Redis and two quiet cores"
	@echo "make bench-monitoring  a year of a million calls: import beside COPY, the evaluation beside SQL by hand, the statistics page; needs PostgreSQL, Redis and two quiet cores"
	@echo "make clean           remove what was installed and made, but not the data in var/"

run:
	@scripts/venv.sh requirements.txt
	@VDX_PORT=$(PORT) exec $(PYTHON) manage.py serve --demo --since $(SINCE)

run-production:
	@scripts/venv.sh requirements.txt
	@VDX_PORT=$(PORT) exec $(PYTHON) manage.py run_production

demo-users:
	@scripts/venv.sh requirements.txt
	@exec $(PYTHON) manage.py demo_users

test:
	@scripts/venv.sh requirements-dev.txt
	@exec $(PYTHON) scripts/test.py

fuzz-api:
	@scripts/venv.sh requirements-dev.txt
	@FUZZ_API_SECONDS=1200 FUZZ_API_SEED= exec $(PYTHON) -m pytest -q tests/booking/api/v2/test_fuzz.py

lock:
	@scripts/venv.sh requirements-dev.txt
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" pyproject.toml -o requirements.txt
	.venv/bin/uv pip compile -q --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command "make lock" --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt

vendor:
	npm ci
	npm run vendor

messages:
	@scripts/venv.sh requirements-dev.txt
	$(PYTHON) manage.py makemessages --locale en --no-location --no-obsolete --extension html,txt,py,text,subject --ignore node_modules --ignore .venv --ignore var --ignore tests
	$(PYTHON) manage.py compilemessages --locale en --ignore node_modules --ignore .venv --ignore var

bench-api:
	@scripts/venv.sh requirements-dev.txt
	@exec $(PYTHON) -m bench.api.run $(BENCH)

bench-media:
	@scripts/venv.sh requirements-dev.txt
	@exec $(PYTHON) -m bench.media.run $(BENCH)

bench-join:
	@scripts/venv.sh requirements-dev.txt
	@exec $(PYTHON) -m bench.join.run $(BENCH)

bench-export:
	@scripts/venv.sh requirements-dev.txt
	@exec $(PYTHON) -m bench.export.run $(BENCH)

bench-monitoring:
	@scripts/venv.sh requirements-dev.txt
	@exec $(PYTHON) -m bench.monitoring.run $(BENCH)

clean:
	rm -rf .venv node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
