"""Who is timed, in which settings, and what each needs to run."""
import dataclasses
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
PACKAGES = {'pytorch': ('torch', 'numpy'), 'libtorch': ('torch',),
            'scikit_learn': ('scikit-learn', 'numpy'), 'openblas': ()}
TITLES = {'pytorch': 'PyTorch', 'libtorch': 'libtorch (C++)', 'scikit_learn': 'scikit-learn',
          'openblas': 'C++ loops + OpenBLAS'}
ORDERS = {'pytorch': ('sequential', 'shuffled', 'loader')}
ORDER_TITLES = {'loader': 'DataLoader, shuffled'}
# Threads spin while they wait, and stay where they are: the best of what OpenMP lets one choose, if
# hardly better than its defaults (`passive` takes twice the time). KMP_BLOCKTIME is for another
# OpenMP than pip's torch brings.
TUNED_ENVIRONMENT = {'OMP_WAIT_POLICY': 'active', 'OMP_PROC_BIND': 'true'}
# Removed from the environment, so that nothing set outside decides a figure.
THREAD_VARIABLES = ('OMP_', 'GOMP_', 'KMP_', 'MKL_', 'OPENBLAS_')


@dataclasses.dataclass(frozen=True)
class Contestant:
    family: str
    order: str
    setting: str
    command: tuple

    @property
    def title(self):
        return f'{TITLES[self.family]}, {ORDER_TITLES.get(self.order, self.order)}'

    def command_line(self, network, threads, epochs, data):
        return [*self.command, '--network', network, '--threads', str(threads), '--epochs',
                str(epochs), '--order', self.order, '--setting', self.setting, '--data', str(data)]

    def environment(self, base, threads):
        kept = {key: value for key, value in base.items()
                if not key.startswith(THREAD_VARIABLES)}
        for key in ('OMP_NUM_THREADS', 'MKL_NUM_THREADS', 'OPENBLAS_NUM_THREADS'):
            kept[key] = str(threads)
        return {**kept, **(TUNED_ENVIRONMENT if self.setting == 'tuned' else {})}


def command_of(family, setting, python, binaries):
    if family in ('pytorch', 'scikit_learn'):
        return (str(python), str(HERE / f'{family}_peer.py'))
    suffix = '_tuned' if family == 'openblas' and setting == 'tuned' else ''
    return (str(binaries / f'{family}_peer{suffix}'),)


def all_contestants(families, python, binaries):
    """Family by family; in each, the default before what is tuned."""
    return [Contestant(family, order, setting, command_of(family, setting, python, binaries))
            for family in families
            for order in ORDERS.get(family, ('sequential', 'shuffled'))
            for setting in ('default', 'tuned')]


def chosen_families(only):
    """The families in a comma-separated list, or all of them."""
    names = [name for name in only.split(',') if name] or list(PACKAGES)
    for name in names:
        if name not in PACKAGES:
            sys.exit(f'peers: there is no peer "{name}"; there are {", ".join(PACKAGES)}')
    return names
