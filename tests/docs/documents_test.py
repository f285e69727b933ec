"""What the documents point at is there: files, links, make targets."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / name for name in ('README.md', 'CONTRIBUTING.md', 'CHANGELOG.md')]
DOCUMENTS += sorted((ROOT / 'docs').glob('*.md'))
FOLDERS = '(?:app|bench|cmake|deltarule|docs|examples|studies|tests|tools|web)'


def lines_of(pattern):
    """(document, line number, match) of each match in any document."""
    for document in DOCUMENTS:
        for number, line in enumerate(document.read_text().splitlines(), 1):
            for match in re.finditer(pattern, line):
                yield document, number, match


class Documents(unittest.TestCase):

    def assert_exists(self, path, document, number):
        self.assertTrue(path.exists(), f'{document.name}:{number}: there is no {path}')

    def test_nothing_is_left_to_be_filled_in(self):
        for document in DOCUMENTS:
            self.assertNotIn('@@', document.read_text(), document.name)

    def test_links_lead_somewhere(self):
        for document, number, match in lines_of(r'\]\(([^)#:\s]+)(?:#[^)]*)?\)'):
            with self.subTest(match[1]):
                self.assert_exists(document.parent / match[1], document, number)

    def test_files_that_are_named_exist(self):
        for document, number, match in lines_of(rf'`({FOLDERS}/[\w./-]+)`'):
            if 'mine' not in match[1]:
                with self.subTest(match[1]):
                    self.assert_exists(ROOT / match[1], document, number)

    def test_make_has_the_targets_that_are_named(self):
        targets = re.findall(r'^(\w+):', (ROOT / 'Makefile').read_text(), re.MULTILINE)
        for document, number, match in lines_of(r'(?:^|`)make ([a-z]+)\b'):
            self.assertIn(match[1], targets, f'{document.name}:{number}')

    def test_make_help_names_every_target(self):
        makefile = (ROOT / 'Makefile').read_text()
        for target in re.findall(r'^\.PHONY: (\w+)', makefile, re.MULTILINE):
            if target != 'help':
                self.assertIn(f'@echo "make {target} ', makefile)

    def test_every_folder_of_the_library_is_on_the_map(self):
        order = re.findall(r'^deltarule_folder\((\w+)',
                           (ROOT / 'deltarule/CMakeLists.txt').read_text(), re.MULTILINE)
        text = (ROOT / 'docs/architecture.md').read_text()
        rows = re.findall(r'^\| `deltarule/(\w+)`', text, re.MULTILINE)
        self.assertEqual(rows, order)

    def test_every_package_that_is_installed_is_explained(self):
        table = (ROOT / 'tools/install_packages.sh').read_text()
        text = (ROOT / 'docs/dependencies.md').read_text()
        for package in re.findall(r'^(?:build|test|lint|bench|peers) +(\S+) ', table, re.MULTILINE):
            self.assertIn(f'`{package}`', text)


if __name__ == '__main__':
    unittest.main()
