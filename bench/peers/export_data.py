"""Finds MNIST where deltarule finds it, and writes it as the peers read it.

images.f32: 48,000 × 784 float32, each image scaled to mean 0 and standard deviation 1.
labels.u8:  a byte each.
"""
import array
import gzip
import os
import pathlib
import sys

EXAMPLES = 48000
PIXELS = 784
SQUARES = [pixel * pixel for pixel in range(256)]


def folders():
    """In the order in which deltarule looks (deltarule/data/catalog.cc)."""
    if os.environ.get('DELTARULE_DATA'):
        yield pathlib.Path(os.environ['DELTARULE_DATA']) / 'mnist'
    cache = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or '~/.cache').expanduser()
    yield cache / 'deltarule' / 'mnist'


def read(name, header):
    """The bytes of an IDX file behind its header."""
    for folder in folders():
        if (folder / name).exists():
            return (folder / name).read_bytes()[header:]
        if (folder / f'{name}.gz').exists():
            return gzip.decompress((folder / f'{name}.gz').read_bytes())[header:]
    looked = ' and '.join(str(folder) for folder in folders())
    sys.exit(f'peers: MNIST is not here ({name}, plain or .gz, looked for in {looked}).\n'
             '  `build/deltarule data fetch mnist` downloads it; DELTARULE_DATA=FOLDER says where '
             'FOLDER/mnist lies.')


def scaled(image):
    mean = sum(image) / len(image)
    variance = sum(map(SQUARES.__getitem__, image)) / len(image) - mean * mean
    factor = variance ** -0.5 if variance > 0 else 0
    values = [(pixel - mean) * factor for pixel in range(256)]
    return array.array('f', map(values.__getitem__, image))


def export(target):
    """Writes both files into the folder `target`, unless they are there."""
    images, labels = target / 'images.f32', target / 'labels.u8'
    if labels.exists() and images.exists() and images.stat().st_size == EXAMPLES * PIXELS * 4:
        return
    target.mkdir(parents=True, exist_ok=True)
    pixels = read('train-images-idx3-ubyte', 16)
    labels.write_bytes(read('train-labels-idx1-ubyte', 8)[:EXAMPLES])
    with images.open('wb') as file:
        for start in range(0, EXAMPLES * PIXELS, PIXELS):
            scaled(pixels[start:start + PIXELS]).tofile(file)
