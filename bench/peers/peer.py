"""What the Python peers share: the command line, the data, timing epochs, one JSON line out."""
import argparse
import json
import pathlib
import time

import numpy

EXAMPLES = 48000
BATCH = 128
LEARNING_RATE = 0.001  # of the loss summed over a batch


def read_options(orders):
    parser = argparse.ArgumentParser()
    parser.add_argument('--network', default='784-128-10')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--epochs', type=int, default=3, help='timed ones, after one to warm up')
    parser.add_argument('--order', choices=orders, default=orders[0])
    parser.add_argument('--setting', choices=('default', 'tuned'), default='default')
    parser.add_argument('--data', required=True, help='the folder with images.f32 and labels.u8')
    options = parser.parse_args()
    options.sizes = [int(size) for size in options.network.split('-')]
    options.tuned = options.setting == 'tuned'
    return options


def read_data(options):
    """Images as float32, each scaled to mean 0 and deviation 1, and labels as int64."""
    folder = pathlib.Path(options.data)
    images = numpy.fromfile(folder / 'images.f32', numpy.float32).reshape(EXAMPLES, -1)
    labels = numpy.fromfile(folder / 'labels.u8', numpy.uint8).astype(numpy.int64)
    return images, labels


def time_epochs(options, train_epoch):
    """Milliseconds of each timed epoch."""
    train_epoch()
    milliseconds = []
    for _ in range(options.epochs):
        start = time.perf_counter()
        train_epoch()
        milliseconds.append(round(1000 * (time.perf_counter() - start), 3))
    return milliseconds


def print_result(version, milliseconds, training_accuracy):
    print(json.dumps({'version': version, 'milliseconds': milliseconds,
                      'training_accuracy': round(float(training_accuracy), 4)}))
