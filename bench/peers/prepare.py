"""Makes what the peers need: a virtual environment, the C++ programs. What cannot be made is said,
and costs only the peers that need it."""
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
IMPORTS = {'scikit-learn': 'sklearn'}
TARGETS = {'openblas': ('openblas_peer', 'openblas_peer_tuned'), 'libtorch': ('libtorch_peer',)}
NEEDS = {'openblas': 'OpenBLAS (Debian: libopenblas-dev)', 'libtorch': 'a C++20 compiler'}


def say(message):
    print(f'peers: {message}', file=sys.stderr, flush=True)


def succeeds(what, *command):
    """Runs a command; says what failed and how, if it does."""
    try:
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    except OSError as error:
        say(f'{what} failed: {error}')
        return False
    if done.returncode:
        lines = (done.stdout + done.stderr).strip().splitlines()
        say(f'{what} failed:\n    ' + '\n    '.join(lines[-6:]))
    return done.returncode == 0


def can_import(python, package):
    name = IMPORTS.get(package, package)
    return subprocess.run([python, '-c', f'import {name}'], capture_output=True).returncode == 0


def install(folder, packages):
    """The environment's Python, and which of the packages it can import."""
    python = folder / 'bin/python'
    if not packages:
        return python, set()
    if not python.exists() and not succeeds('making a virtual environment (Debian: python3-venv)',
                                            sys.executable, '-m', 'venv', folder):
        shutil.rmtree(folder, ignore_errors=True)
        return python, set()
    for package in sorted(packages):
        if not can_import(python, package):
            say(f'installing {package}' + (', about 3 GB' if package == 'torch' else ''))
        succeeds(f'installing {package} with pip', python, '-m', 'pip', 'install', '--quiet',
                 '--constraint', HERE / 'requirements.txt', package)
    return python, {package for package in packages if can_import(python, package)}


def torch_folder(python):
    code = 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])'
    return subprocess.run([python, '-c', code], capture_output=True, text=True).stdout.strip()


def build(folder, families, torch):
    """Which of the C++ families could be built; `torch` is a folder, or '' without."""
    if not shutil.which('cmake'):
        say('there is no cmake: no C++ peers, and nothing says how far the cores are apart')
        return set()
    if not succeeds('configuring the C++ peers', 'cmake', '-S', HERE, '-B', folder,
                    f'-DTORCH_FOLDER={torch}'):
        return set()
    succeeds('building core_distance', 'cmake', '--build', folder, '--target', 'core_distance')
    possible = [family for family in families if family in TARGETS and
                (torch or family != 'libtorch')]
    return {family for family in possible if
            succeeds(f'building {family}, which needs {NEEDS[family]},', 'cmake', '--build', folder,
                     '--target', *TARGETS[family])}


def prepare(work, families, packages):
    """(Python of the environment, folder of binaries, families that can run)."""
    wanted = {package for family in families for package in packages[family]}
    python, installed = install(work / 'venv', wanted)
    built = build(work / 'cmake', families, torch_folder(python) if 'torch' in installed else '')
    ready = []
    for family in families:
        missing = [package for package in packages[family] if package not in installed]
        if missing or family in TARGETS and family not in built:
            say(f'left out: {family}' + (f', for want of {", ".join(missing)}' if missing else ''))
        else:
            ready.append(family)
    return python, work / 'cmake', ready
