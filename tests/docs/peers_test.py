"""What the comparison with other software makes of its samples; it times nothing."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / 'bench/peers'))

import contestants  # noqa: E402
import export_data  # noqa: E402
import report  # noqa: E402


def sample(contestant, setting, milliseconds, trip=0):
    return {'network': '784-128-10', 'threads': 2 if trip else 1, 'contestant': contestant,
            'setting': setting, 'milliseconds': milliseconds, 'core_trip_ns': trip}


def row_of(samples, contestant):
    return next(row for row in report.summarize(samples) if row['contestant'] == contestant)


class Peers(unittest.TestCase):

    def test_a_figure_is_the_median_of_the_medians_of_runs(self):
        samples = [sample('deltarule', 'sparse', [50]), sample('A', 'default', [100, 110, 900]),
                   sample('A', 'default', [200, 210, 220]), sample('A', 'default', [130, 120, 125])]
        row = row_of(samples, 'A')
        self.assertEqual((row['median_ms'], row['min_ms'], row['runs']), (125, 100, 3))
        self.assertEqual(row['ratio_to_ours'], 2.5)

    def test_runs_with_near_cores_are_preferred(self):
        samples = [sample('deltarule', 'sparse', [40], 75),
                   sample('deltarule', 'sparse', [80], 340),
                   sample('A', 'default', [200], 80), sample('A', 'default', [300], 330)]
        row = row_of(samples, 'A')
        self.assertEqual((row['cores'], row['median_ms'], row['ratio_to_ours']), ('near', 200, 5))

    def test_without_near_cores_the_ratio_is_to_ours_in_the_same_state(self):
        near = sample('deltarule', 'sparse', [40], 75)
        apart = sample('deltarule', 'sparse', [80], 340)
        peer = sample('A', 'default', [320], 330)
        self.assertEqual(row_of([near, apart, peer], 'A')['ratio_to_ours'], 4)
        self.assertIsNone(row_of([near, peer], 'A')['ratio_to_ours'])

    def test_images_are_scaled_one_by_one(self):
        self.assertEqual(list(export_data.scaled(bytes([0, 100]))), [-1, 1])
        self.assertEqual(list(export_data.scaled(bytes([7, 7]))), [0, 0])

    def test_thread_settings_from_outside_do_not_reach_a_peer(self):
        peers = contestants.all_contestants(['pytorch'], 'python', pathlib.Path())
        outside = {'OPENBLAS_CORETYPE': 'Haswell', 'OMP_WAIT_POLICY': 'passive', 'HOME': '/'}
        default, tuned = (peer.environment(outside, 2) for peer in peers[:2])
        self.assertNotIn('OPENBLAS_CORETYPE', default)
        self.assertNotIn('OMP_WAIT_POLICY', default)
        self.assertEqual((default['HOME'], default['OMP_NUM_THREADS']), ('/', '2'))
        self.assertEqual(tuned['OMP_WAIT_POLICY'], 'active')


if __name__ == '__main__':
    unittest.main()
