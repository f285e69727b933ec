"""What tools/install_packages.sh does on machines of several kinds, played by a few fake programs."""
import pathlib
import subprocess
import tempfile
import unittest

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / 'tools/install_packages.sh'
REAL = ['bash', 'cat', 'env', 'grep']
# Knows the packages in $INSTALLED, as dpkg-query would.
DPKG_QUERY = 'for last; do :; done; case " $INSTALLED " in *" $last "*) echo installed;; *) exit 1;; esac'
APT_GET = 'echo "apt-get $*" >> "$LOG"; case " $* " in *" $APT_FAILS "*) exit 100;; esac'
ALL = ('g++ cmake ninja-build git ca-certificates libhwy-dev nlohmann-json3-dev libtomlplusplus-dev '
       'libcli11-dev libcurl4-openssl-dev zlib1g-dev libpng-dev libssl-dev libboost-math-dev '
       'libcsv-dev nodejs npm libgtest-dev libgmock-dev clang-format python3 chromium clang '
       'clang-tidy')


class InstallPackages(unittest.TestCase):

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.log = self.folder / 'log'
        for name in REAL:
            path = next(p for p in (pathlib.Path(d) / name for d in ('/usr/bin', '/bin')) if p.exists())
            (self.folder / name).symlink_to(path)
        self.fake('dpkg-query', DPKG_QUERY)
        self.fake('apt-get', APT_GET)
        self.fake('id', 'echo 0')

    def fake(self, name, body):
        path = self.folder / name
        path.write_text(f'#!/bin/bash\n{body}\n')
        path.chmod(0o755)

    def run_script(self, *groups, installed='', **environment):
        environment = {'PATH': str(self.folder), 'LOG': str(self.log), 'INSTALLED': installed,
                       'APT_FAILS': 'nothing', **environment}
        return subprocess.run([self.folder / 'bash', SCRIPT, *groups], env=environment,
                              capture_output=True, text=True)

    def apt_calls(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def test_says_and_does_nothing_when_all_are_there(self):
        done = self.run_script('build', 'test', 'lint', installed=ALL)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, '', ''))
        self.assertEqual(self.apt_calls(), [])

    def test_installs_just_what_is_missing_and_says_why(self):
        done = self.run_script('build', installed=ALL.replace(' libcsv-dev', '').replace('g++', ''))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r'g\+\+ +the C\+\+20 compiler')
        self.assertRegex(done.stdout, r'libcsv-dev +reads CSV')
        update, install = self.apt_calls()
        self.assertTrue(update.endswith(' update'))
        self.assertTrue(install.endswith(' install -y --no-install-recommends g++ libcsv-dev'))

    def test_a_group_that_was_not_named_is_left_alone(self):
        self.run_script('build', installed=ALL.replace(' clang-tidy', ''))
        self.assertEqual(self.apt_calls(), [])

    def test_node_from_elsewhere_is_good_enough_from_18_on(self):
        without = ALL.replace(' nodejs npm', '')
        self.fake('npm', 'true')
        self.fake('node', 'echo v20.1.0')
        self.run_script('build', installed=without)
        self.assertEqual(self.apt_calls(), [])
        self.fake('node', 'echo v16.20.2')
        self.run_script('build', installed=without)
        self.assertTrue(self.apt_calls()[-1].endswith(' nodejs npm'))

    def test_others_than_root_go_through_sudo(self):
        self.fake('id', 'echo 1000')
        self.fake('sudo', 'echo "sudo $*" >> "$LOG"; "$@"')
        done = self.run_script('lint', installed='')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(self.apt_calls()[0].startswith('sudo env '))

    def test_neither_root_nor_sudo_ends_with_the_command_to_run(self):
        self.fake('id', 'echo 1000')
        done = self.run_script('lint', installed='clang')
        self.assertEqual(done.returncode, 1)
        self.assertIn('As root, run: apt-get install clang-tidy', done.stderr)
        self.assertEqual(self.apt_calls(), [])

    def test_another_system_than_debian_is_told_what_to_do(self):
        (self.folder / 'apt-get').unlink()
        done = self.run_script('build')
        self.assertEqual(done.returncode, 1)
        self.assertIn('SKIP_PACKAGES=1', done.stderr)
        self.assertEqual(self.run_script('build', SKIP_PACKAGES='1').returncode, 0)

    def test_a_failed_update_does_not_keep_the_rest_from_being_tried(self):
        done = self.run_script('lint', APT_FAILS='update')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.apt_calls()), 2)

    def test_a_failed_installation_fails_and_names_the_packages(self):
        done = self.run_script('lint', APT_FAILS='install')
        self.assertEqual(done.returncode, 1)
        self.assertIn('clang clang-tidy', done.stderr)

    def test_an_unknown_group_is_refused(self):
        self.assertEqual(self.run_script('everything').returncode, 1)
        self.assertEqual(self.run_script().returncode, 1)


if __name__ == '__main__':
    unittest.main()
