# shellcheck shell=bash disable=SC2154,SC2034,SC2317,SC2329
# Every script starts: those in Bash say what they do, those in Python compile and find the library's modules, not each other's.

test_bashScripts_sayWhatTheyDo() {
  for name in demo fetch parity setup sweep test bench/run bench/memory bench/load attack/{seeded-bugs,mutants,faults,fuzz,races,soak}; do
    accepted "$HBAR_ROOT/scripts/$name" --help
    says "${name##*/}"
  done
}

# What stands beside a script is found before Python's own module of that name: statistics.py once broke bench/run so. Scripts also
# use those of other folders, and two of one name broke bench/run and parity.
test_pythonScripts_compileAndShadowNoModule() {
  accepted python3 - "$HBAR_ROOT/scripts" <<'END'
import pathlib
import sys

files = sorted(pathlib.Path(sys.argv[1]).rglob("*.py"))
for file in files:
    compile(file.read_bytes(), str(file), "exec")
    if file.stem in sys.stdlib_module_names:
        sys.exit(f"{file} shadows Python's module of that name")
    twins = [other for other in files if other.stem == file.stem]
    if len(twins) > 1:
        sys.exit(f"one shadows the other: {', '.join(map(str, twins))}")
print(len(files), "compiled")
END
  says ' compiled'
}

test_houseFigures_arePrintedForThisTree() {
  accepted python3 "$HBAR_ROOT/scripts/house.py"
  says 'packages in a circle'
  says 'core, study, cli: public types that only their package uses'
}

