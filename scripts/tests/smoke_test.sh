# shellcheck shell=bash disable=SC2154,SC2034,SC2317,SC2329
# Every script starts: those in Bash say what they do, those in Python compile and find the library's modules, not each other's.

test_bashScripts_sayWhatTheyDo() {
  for name in demo fetch parity setup sweep test bench/run bench/memory bench/load attack/seeded-bugs attack/mutants; do
    accepted "$HBAR_ROOT/scripts/$name" --help
    says "${name##*/}"
  done
}

# What stands beside a script is found before Python's own module of that name: statistics.py once broke bench/run so.
test_pythonScripts_compileAndShadowNoModule() {
  accepted python3 - "$HBAR_ROOT/scripts" <<'END'
import pathlib
import sys

files = sorted(pathlib.Path(sys.argv[1]).rglob("*.py"))
for file in files:
    compile(file.read_bytes(), str(file), "exec")
    if file.stem in sys.stdlib_module_names:
        sys.exit(f"{file} shadows Python's module of that name")
print(len(files), "compiled")
END
  says ' compiled'
}

test_houseFigures_arePrintedForThisTree() {
  accepted python3 "$HBAR_ROOT/scripts/house.py"
  says 'packages in a circle'
  says 'core, study, cli: public types that only their package uses'
}

test_ratiosOfMeasurements_areOursOverTheReference() {
  echo '{"step_ms": 4.0}' >host_step.json
  echo '{"step_ms": 1.0}' >host_step.hbar.json
  echo '{"gb_per_s": 2.0}' >load_speed.json
  echo '{"gb_per_s": 2.5}' >load_speed.hbar.json
  echo '{"seconds_per_sample": 5.0}' >reference_score.json
  echo '{"seconds_per_sample": 3.0}' >reference_score.hbar.json
  accepted python3 "$HBAR_ROOT/scripts/bench/ratios.py" .
  for ratio in 0.25 1.25 0.60; do says "    $ratio  at "; done
}
