#!/usr/bin/env python3
"""Times an epoch of the same training in other software and in deltarule, in turns.

See README.md beside this file. Needs only Python's standard library; what the peers need, it makes.
"""
import argparse
import datetime
import json
import os
import pathlib
import shlex
import subprocess

import contestants
import export_data
import report
from prepare import prepare, say

ROOT = pathlib.Path(__file__).resolve().parents[2]
LEAST_ACCURACY = 0.85  # on the training images, after two epochs or more
LONGEST_RUN_SECONDS = 900


def read_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--rounds', type=int, default=5)
    parser.add_argument('--epochs', type=int, default=5, help='timed in each run, after a warm-up')
    parser.add_argument('--networks', default='784-128-10,784-800-10')
    parser.add_argument('--threads', default='', help='such as 1,2; one and all cores by default')
    parser.add_argument('--only', default='', help=f'of {",".join(contestants.PACKAGES)}')
    parser.add_argument('--quick', action='store_true', help='784-128-10, one round, two epochs')
    parser.add_argument('--ours', type=pathlib.Path, default=ROOT / 'build/deltarule')
    parser.add_argument('--work', type=pathlib.Path, default=ROOT / 'build-peers',
                        help='where the environment, the programs and the data go')
    parser.add_argument('--output', type=pathlib.Path, help='default: results/ in the work folder')
    parser.add_argument('--prefix', default='', help="goes before each timing: 'nice -n 5'")
    arguments = parser.parse_args()
    arguments.prefix = shlex.split(arguments.prefix)
    arguments.work = arguments.work.resolve()
    arguments.ours = arguments.ours.resolve()
    if arguments.quick:
        arguments.networks, arguments.rounds, arguments.epochs = '784-128-10', 1, 2
    everything = sorted({1, os.cpu_count() or 1})
    arguments.threads = [int(n) for n in arguments.threads.split(',') if n] or everything
    return arguments


def run_json(name, command, environment):
    """What the command prints, as JSON; None, with a word about why, if there is none."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True,
                              timeout=LONGEST_RUN_SECONDS)
        if done.returncode == 0:
            return json.loads(done.stdout)
        reason = (done.stderr.strip().splitlines() or [f'exit code {done.returncode}'])[-1]
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        reason = error
    say(f'{name} gave no figure: {reason}')
    return None


def core_trip(arguments, threads):
    program = arguments.work / 'cmake/core_distance'
    if threads < 2 or not program.exists():
        return 0
    return run_json('core_distance', [*arguments.prefix, program], os.environ) or 0


def run_between_trips(arguments, threads, name, command, environment):
    """What the command prints, and the longer of two trips from core to core, before and after."""
    before = core_trip(arguments, threads)
    answer = run_json(name, [*arguments.prefix, *command], environment)
    return answer, max(before, core_trip(arguments, threads))


def time_ours(arguments, network, threads, record):
    """False if there are no figures, and asking again is of no use."""
    command = [str(arguments.ours), 'bench', '--networks', network, '--threads', str(threads),
               '--json', '--epochs', str(arguments.epochs)]
    answer, trip = run_between_trips(arguments, threads, 'deltarule', command, os.environ)
    if answer is None:
        return False
    record['target'] = answer.get('target', '')
    for epoch in answer.get('epochs', []):
        if (epoch['network'], epoch['threads']) == (network, threads):
            record['samples'].append({
                'network': network, 'threads': threads, 'contestant': 'deltarule',
                'setting': epoch['path'], 'core_trip_ns': trip, 'floor': answer.get('floor'),
                'milliseconds': epoch['each_milliseconds'],
                'training_accuracy': epoch['training_accuracy']})
    return True


def time_peer(arguments, peer, network, threads, record):
    """False if the peer failed or does not learn, and should not be asked again."""
    command = peer.command_line(network, threads, arguments.epochs, arguments.work / 'data')
    name = f'{peer.title}, {peer.setting}'
    answer, trip = run_between_trips(arguments, threads, name, command,
                                     peer.environment(os.environ, threads))
    if answer is None:
        return False
    if not answer['training_accuracy'] >= LEAST_ACCURACY:
        say(f'{name} does not learn (accuracy {answer["training_accuracy"]}): left out')
        return False
    record['samples'].append({'network': network, 'threads': threads, 'contestant': peer.title,
                              'setting': peer.setting, 'core_trip_ns': trip, **answer})
    return True


def run_round(arguments, peers, record):
    """Each peer once for each network and thread count; before each family, ours."""
    for network in arguments.networks.split(','):
        for threads in arguments.threads:
            family = None
            for peer in list(peers):
                if peer.family != family and arguments.ours:
                    if not time_ours(arguments, network, threads, record):
                        arguments.ours = None
                family = peer.family
                if not time_peer(arguments, peer, network, threads, record):
                    peers.remove(peer)
            say(f'{network} with {threads} thread(s) done')


def main():
    arguments = read_arguments()
    families = contestants.chosen_families(arguments.only)
    export_data.export(arguments.work / 'data')
    python, binaries, ready = prepare(arguments.work, families, contestants.PACKAGES)
    if not ready:
        raise SystemExit('peers: no peer can run here; what each lacks is said above')
    if not arguments.ours.exists():
        say(f'{arguments.ours} is not there (`make build` makes it): no ratios')
        arguments.ours = None
    peers = contestants.all_contestants(ready, python, binaries)
    record = {'date': datetime.datetime.now().astimezone().isoformat(timespec='minutes'),
              'machine': report.describe_machine(), 'target': '', 'rounds': arguments.rounds,
              'epochs': arguments.epochs, 'samples': []}
    output = arguments.output or arguments.work / 'results'
    for number in range(arguments.rounds):
        say(f'round {number + 1} of {arguments.rounds}')
        run_round(arguments, peers, record)
        record['rows'] = report.summarize(record['samples'])
        report.write(output, record)
    print(f'{report.table(record["rows"])}\n\n{report.notes(record)}')
    say(f'written: {output / "peers.json"}, {output / "peers.md"}')


if __name__ == '__main__':
    main()
