"""The promises of README.md: its program is compiled and run, its commands are understood.

Every `build/deltarule` line is checked against the command's own --help. Lines that need no network
and little time are also run, in order, in a folder that has the files they name.
"""
import os
import pathlib
import random
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
README = (ROOT / 'README.md').read_text()
PROGRAM, EXAMPLE, PREDICT_ONE = None, None, None


def code_blocks(language):
    return re.findall(rf'^```{language}\n(.*?)^```', README, re.MULTILINE | re.DOTALL)


def commands():
    lines = [line for block in code_blocks('sh') for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith('build/deltarule')]


def takes_long(arguments):
    return arguments[0] in ('study', 'check') or 'mnist' in arguments


def write_png(path, shape):
    """A 20×20 grey drawing, dark on light: a circle or a cross of a random size."""
    size = random.uniform(5, 9)
    rows = b''
    for y in range(20):
        rows += b'\0'
        for x in range(20):
            u, v = x - 9.5, y - 9.5
            distance = abs((u * u + v * v)**.5 - size) if shape == 'circle' else abs(abs(u) - abs(v))
            rows += b'\x10' if distance < 1.5 and max(abs(u), abs(v)) < size + 1 else b'\xf0'

    def chunk(kind, body):
        return struct.pack('>I', len(body)) + kind + body + struct.pack('>I', zlib.crc32(kind + body))

    path.write_bytes(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 20, 20, 8, 0, 0, 0, 0)) +
                     chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))


def fill(folder):
    """Puts the files that the README's commands name into `folder`."""
    random.seed(1)
    lines = ['length,width,class']
    for kind, centre in (('rose', 2), ('tulip', 4), ('lily', 6)):
        lines += [f'{random.gauss(centre, .5):.2f},{random.gauss(centre, .5):.2f},{kind}' for _ in range(50)]
    (folder / 'flowers.csv').write_text('\n'.join(lines) + '\n')
    for shape in ('circle', 'cross'):
        (folder / 'drawings' / shape).mkdir(parents=True)
        for i in range(40):
            write_png(folder / 'drawings' / shape / f'{i}.png', shape)
    write_png(folder / 'circle.png', 'circle')
    write_png(folder / 'seven.png', 'cross')


class Readme(unittest.TestCase):

    def run_in(self, folder, program, *arguments):
        environment = {**os.environ, 'DELTARULE_DATA': str(folder), 'XDG_CACHE_HOME': str(folder)}
        return subprocess.run([program, *arguments], cwd=folder, env=environment, timeout=120,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def test_its_program_is_the_example_to_the_letter(self):
        self.assertEqual(code_blocks('cpp'), [(ROOT / 'examples/first.cc').read_text()])

    def test_its_program_learns_digits(self):
        with tempfile.TemporaryDirectory() as folder:
            done = self.run_in(folder, EXAMPLE)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertGreater(float(re.search(r'^test accuracy (\S+)', done.stdout, re.MULTILINE)[1]), .7)
            self.assertRegex(done.stdout, r'first test image: \d\n$')
            self.assertTrue((pathlib.Path(folder) / 'digits.safetensors').exists())
            done = self.run_in(folder, PREDICT_ONE)
            self.assertEqual(done.returncode, 0, done.stderr)
            answers = re.findall(r'^a (\d) is taken for a (\d), probability \S+$', done.stdout, re.MULTILINE)
            self.assertEqual(len(answers), 5)
            self.assertGreater(sum(truth == answer for truth, answer in answers), 2)

    def test_the_flags_of_its_commands_exist(self):
        self.assertGreater(len(commands()), 5)
        for arguments in commands():
            words = [word for word in arguments if re.fullmatch('[a-z]+', word)]
            command = words[:2] if words[0] == 'data' else words[:1]
            with self.subTest(' '.join(arguments)):
                done = self.run_in(ROOT, PROGRAM, *command, '--help')
                self.assertEqual(done.returncode, 0, done.stderr)
                for flag in (word for word in arguments if word.startswith('--')):
                    self.assertRegex(done.stdout, rf'{flag}\b')

    def test_its_commands_work(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            fill(folder)
            for arguments in commands():
                if not takes_long(arguments):
                    with self.subTest(' '.join(arguments)):
                        done = self.run_in(folder, PROGRAM, *arguments)
                        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == '__main__':
    PROGRAM, EXAMPLE, PREDICT_ONE = sys.argv[1:4]
    unittest.main(argv=sys.argv[:1])
