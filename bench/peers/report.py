"""From samples to figures: medians, the JSON file and the table."""
import json
import os
import pathlib
import platform
import statistics
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
KEY = ('network', 'threads', 'contestant', 'setting')
NEAR = 1.7  # cores are near each other if a word's trip takes at most so many times the least one


def core_state(sample, least_trip):
    """Where the cores were. Several threads compare only where these were equally far apart, and a
    rented machine moves them."""
    if not sample['core_trip_ns']:
        return ''
    return 'near' if sample['core_trip_ns'] <= NEAR * least_trip else 'apart'


def median_of(samples):
    return statistics.median(statistics.median(sample['milliseconds']) for sample in samples)


def make_row(key, states):
    """The row of one contestant, from its samples by state of the cores: near ones if there are."""
    state = 'near' if 'near' in states else next(iter(states))
    used = states[state]
    return {**dict(zip(KEY, key)), 'cores': state, 'median_ms': median_of(used),
            'min_ms': min(min(sample['milliseconds']) for sample in used), 'runs': len(used),
            'version': used[0].get('version', ''),
            'training_accuracy': used[0].get('training_accuracy')}


def summarize(samples):
    """One row for each network, thread count, contestant and setting. Its ratio is to what we took
    with the cores in the same state."""
    least_trip = min((sample['core_trip_ns'] for sample in samples if sample['core_trip_ns']),
                     default=0)
    groups = {}
    for sample in samples:
        states = groups.setdefault(tuple(sample[name] for name in KEY), {})
        states.setdefault(core_state(sample, least_trip), []).append(sample)
    rows = [make_row(key, states) for key, states in groups.items()]
    for row in rows:
        ours = groups.get((row['network'], row['threads'], 'deltarule', 'sparse'), {})
        base = ours.get(row['cores'])
        row['ratio_to_ours'] = row['median_ms'] / median_of(base) if base else None
    return sorted(rows, key=lambda row: (row['network'], row['threads'], row['median_ms']))


def cpu_model():
    try:
        lines = pathlib.Path('/proc/cpuinfo').read_text().splitlines()
    except OSError:
        lines = []
    names = [line.split(':', 1)[1].strip() for line in lines if line.startswith('model name')]
    return names[0] if names else platform.processor()


def first_line(*command):
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd=HERE)
    except OSError:
        return 'unknown'
    return (done.stdout.strip().splitlines() or ['unknown'])[0]


def describe_machine():
    return {'cpu': cpu_model(), 'cores': os.cpu_count(), 'system': platform.platform(),
            'python': platform.python_version(), 'compiler': first_line('c++', '--version'),
            'commit': first_line('git', 'rev-parse', '--short', 'HEAD')}


def table(rows):
    lines = ['| network | threads | cores | contestant | setting | median ms | min ms | runs | '
             'ratio to ours |', '|---|--:|---|---|---|--:|--:|--:|--:|']
    for row in rows:
        ratio = f'{row["ratio_to_ours"]:.2f}' if row['ratio_to_ours'] else ''
        lines.append(f'| {row["network"]} | {row["threads"]} | {row["cores"]} | '
                     f'{row["contestant"]} | {row["setting"]} | {row["median_ms"]:.1f} | '
                     f'{row["min_ms"]:.1f} | {row["runs"]} | {ratio} |')
    return '\n'.join(lines)


def notes(record):
    machine = record['machine']
    lines = [f'{record["date"]}. {machine["cpu"]}, {machine["cores"]} cores, {machine["system"]}; '
             f'{machine["compiler"]}; Python {machine["python"]}; deltarule at {machine["commit"]}'
             + (f', {record["target"]}' if record['target'] else '') + '.']
    versions = sorted({f'{row["contestant"].split(",")[0]}: {row["version"]}'
                       for row in record['rows'] if row['version']})
    lines.append(f'Versions: {"; ".join(versions) or "none"}.')
    lines.append('Milliseconds an epoch: 48,000 images of MNIST, batches of 128, plain SGD, tanh, '
                 f'float32; the median over {record["rounds"]} round(s) of the median over '
                 f'{record["epochs"]} epoch(s), the first one of each run not counted.')
    trips = [sample['core_trip_ns'] for sample in record['samples'] if sample['core_trip_ns']]
    if trips:
        lines.append(f'A word went from core to core and back in {min(trips):.0f} to '
                     f'{max(trips):.0f} ns. Rows that say "near" are made of runs in which it took '
                     f'at most {NEAR} times the least of that, both before and after; "apart": '
                     'there was no such run.')
    return '\n\n'.join(lines)


def write(folder, record):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / 'peers.json').write_text(json.dumps(record, indent=1) + '\n')
    (folder / 'peers.md').write_text(f'{table(record["rows"])}\n\n{notes(record)}\n')
