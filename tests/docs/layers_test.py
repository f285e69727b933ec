"""What tools/check_layers.py lets pass, and what it does not."""
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / 'tools'))
import check_layers  # noqa: E402

ORDER = ['base', 'math', 'data']


class Layers(unittest.TestCase):

    def test_order_is_that_of_the_build(self):
        text = 'deltarule_folder(base LINKS x)\n# deltarule_folder(no)\ndeltarule_folder(math)\n'
        self.assertEqual(check_layers.layer_order(text), ['base', 'math'])

    def test_a_folder_may_include_itself_and_those_before(self):
        text = '#include <vector>\n#include "deltarule/math/a.h"\n#include "deltarule/base/b.h"\n'
        self.assertEqual(check_layers.violations(ORDER, 'math', text), [])

    def test_a_folder_may_not_include_a_later_one(self):
        text = '#pragma once\n\n#  include "deltarule/data/dataset.h"\n'
        self.assertEqual(check_layers.violations(ORDER, 'math', text),
                         ['line 3: math may not include data'])

    def test_the_library_may_not_include_the_program(self):
        self.assertEqual(check_layers.violations(ORDER, 'data', '#include "app/progress.h"\n'),
                         ['line 1: data may not include app'])

    def test_a_folder_outside_the_order_is_noticed(self):
        self.assertEqual(len(check_layers.violations(ORDER, 'extras', '')), 1)

    def test_this_repository_keeps_the_order(self):
        done = subprocess.run([sys.executable, '-B', ROOT / 'tools/check_layers.py'],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == '__main__':
    unittest.main()
