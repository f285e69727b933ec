#include "deltarule/data/handwriting.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "deltarule/data/digit_strokes.h"

namespace deltarule {
namespace {

using Pen = PenPoint::Pen;

constexpr int kPieces = 7;  // straight pieces of the curve between two points of a form

struct Point {
  double x = 0, y = 0;
};

Point between(Point a, Point b, double t) { return {a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t}; }

// Mean 0, deviation 1, within ±3.5: four uniform numbers have a variance of 4/12. One statement
// each, because the order of calls within an expression is the compiler's to choose.
double bell(Random& random) {
  double sum = 0;
  for (int i = 0; i < 4; ++i) sum += random.uniform();
  return (sum - 2) * 1.7320508075688772;
}

// What most hands do with a digit beyond its forms: how far it leans, how broad it is.
struct Habit {
  double lean, breadth;
};
constexpr std::array<Habit, 10> kHabits = {{{.16, 1.03},
                                            {.13, .95},
                                            {-.02, 1.06},
                                            {-.04, .97},
                                            {.08, .97},
                                            {.03, 1.05},
                                            {-.12, .93},
                                            {-.06, 1},
                                            {.04, .96},
                                            {-.03, .86}}};

// How one hand writes one digit once. The sizes of these variations, as those of the forms, were
// chosen so that a network that has learned from them reads real digits best (of MNIST's training
// part); less of each makes neater digits and a worse reader.
struct Hand {
  double unsteadiness, breadth, slant, turn, radius, softness;
  Point middle;                          // how far the middle is off, against the ends
  std::array<double, 4> bend_x, bend_y;  // of the paper: coefficients of low polynomials
};

double draw_radius(int digit, Random& random) {
  const double u = random.uniform();
  double radius = 0.9 + 1.1 * u * u;
  radius += 0.15 * random.uniform();
  // Some pens are broad, and a broad 1 stays legible longest.
  if (random.below(12) == 0) radius += (digit == 1 ? 1.1 : 0.55) * random.uniform();
  return radius;
}

Hand draw_hand(int digit, Random& random) {
  const Habit& habit = kHabits[static_cast<std::size_t>(digit)];
  Hand hand{};
  hand.unsteadiness = random.uniform(0.03, 0.14);
  hand.breadth = std::max(0.4, 1.2 * habit.breadth + 0.28 * bell(random));
  hand.slant = 0.15 + habit.lean + 0.2 * bell(random);
  hand.turn = 0.08 * bell(random);
  hand.radius = draw_radius(digit, random);
  hand.softness = random.uniform(1.1, 1.6);
  hand.middle.x = 0.05 * bell(random);
  hand.middle.y = 0.12 * bell(random);
  for (double& coefficient : hand.bend_x) coefficient = 0.07 * bell(random);
  for (double& coefficient : hand.bend_y) coefficient = 0.07 * bell(random);
  return hand;
}

// From a form's coordinates, centered with y from about −1 to 1, to where the hand puts them.
Point place_on_paper(const Hand& hand, Point p) {
  double x = p.x + hand.middle.x * (1 - p.y * p.y);
  double y = p.y + hand.middle.y * (1 - p.y * p.y);
  x += hand.bend_x[0] * y * y + hand.bend_x[1] * x * y + hand.bend_x[2] * x * x +
       hand.bend_x[3] * y * y * y;
  y += hand.bend_y[0] * x * x + hand.bend_y[1] * x * y + hand.bend_y[2] * y * y +
       hand.bend_y[3] * x * x * x;
  x = x * hand.breadth - hand.slant * y;
  const double square = hand.turn * hand.turn;
  const double cosine = (1 - square) / (1 + square), sine = 2 * hand.turn / (1 + square);
  return {cosine * x - sine * y, sine * x + cosine * y};
}

const DigitForm& choose_form(int digit, Random& random) {
  const auto forms = digit_forms(digit);
  int total = 0;
  for (const DigitForm& form : forms) total += form.weight;
  int left = static_cast<int>(random.below(static_cast<std::uint32_t>(total)));
  for (const DigitForm& form : forms) {
    left -= form.weight;
    if (left < 0) return form;
  }
  return forms.back();
}

bool same_strokes(const DigitForm& a, const DigitForm& b) {
  return std::equal(a.points.begin(), a.points.end(), b.points.begin(), b.points.end(),
                    [](const PenPoint& p, const PenPoint& q) { return p.pen == q.pen; });
}

// A form's points, mixed with those of another form of the digit if its strokes run alike: most
// people write something between the forms, or a little beyond one. Centered and scaled.
std::vector<Point> choose_points(const DigitForm& form, int digit, Random& random) {
  const DigitForm& other = choose_form(digit, random);
  const double mix = same_strokes(form, other) ? random.uniform(-0.2, 1.2) : 0;
  const DigitForm& second = mix != 0 ? other : form;
  std::vector<Point> points;
  double width = 0;
  for (std::size_t i = 0; i < form.points.size(); ++i) {
    const PenPoint &a = form.points[i], &b = second.points[i];
    points.push_back({a.x + (b.x - a.x) * mix, a.y + (b.y - a.y) * mix});
    width = std::max(width, points.back().x);
  }
  for (Point& p : points) p = {(2 * p.x - width) / 100, (2 * p.y - 100) / 100};
  return points;
}

// Moves each point. A hand that strays comes back slowly, so neighbors stray alike, and where the
// pen was lifted it lands a little off.
void make_unsteady(const DigitForm& form, const Hand& hand, Random& random,
                   std::vector<Point>& points) {
  constexpr double kKept = 0.6, kFresh = 0.8;  // kKept² + kFresh² = 1
  Point stray, landing;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (form.points[i].pen == Pen::kDown) landing = {0.04 * bell(random), 0.04 * bell(random)};
    stray.x = kKept * stray.x + kFresh * hand.unsteadiness * bell(random);
    stray.y = kKept * stray.y + kFresh * hand.unsteadiness * bell(random);
    points[i].x += 2 * (stray.x + landing.x);
    points[i].y += 2 * (stray.y + landing.y);
  }
}

// Where a Catmull-Rom curve from `b` to `c`, with neighbors `a` and `d`, is at t in [0, 1].
Point on_curve(Point a, Point b, Point c, Point d, double t) {
  const auto blend = [t](double p, double q, double r, double s) {
    const double quadratic = 2 * p - 5 * q + 4 * r - s, cubic = 3 * (q - r) + s - p;
    return 0.5 * (2 * q + t * ((r - p) + t * (quadratic + t * cubic)));
  };
  return {blend(a.x, b.x, c.x, d.x), blend(a.y, b.y, c.y, d.y)};
}

// One smooth curve, begun and ended a little early or late, with a pressure that changes along it.
void draw_curve(const Hand& hand, std::vector<Point> points, bool joined, Random& random,
                PenTrack& track) {
  const std::size_t last = points.size() - 1;
  const double early = 0.2 * bell(random), late = 0.2 * bell(random);
  if (!joined) points[0] = between(points[0], points[1], early);
  points[last] = between(points[last], points[last - 1], late);
  const double first_radius = hand.radius * (1 + 0.1 * bell(random));
  const double last_radius = hand.radius * (1 + 0.1 * bell(random));
  for (std::size_t i = 0; i < last; ++i) {
    const Point before = points[i > 0 ? i - 1 : 0], after = points[std::min(i + 2, last)];
    for (int piece = i == 0 ? 0 : 1; piece <= kPieces; ++piece) {
      const double t = static_cast<double>(piece) / kPieces;
      const double along = (static_cast<double>(i) + t) / static_cast<double>(last);
      const Point p = place_on_paper(hand, on_curve(before, points[i], points[i + 1], after, t));
      const double radius = first_radius + (last_radius - first_radius) * along;
      track.points.push_back({p.x, p.y, radius, i > 0 || piece > 0 || joined});
    }
  }
}

}  // namespace

PenTrack write_digit(int digit, Random& random) {
  const DigitForm& form = choose_form(digit, random);
  const Hand hand = draw_hand(digit, random);
  std::vector<Point> points = choose_points(form, digit, random);
  make_unsteady(form, hand, random, points);

  PenTrack track;
  track.softness = hand.softness;
  bool joined = false;
  for (std::size_t first = 0; first + 1 < points.size();) {
    // A curve ends at a corner, where the next one joins it, or before the pen comes down again.
    std::size_t end = first + 1;
    while (end < points.size() && form.points[end].pen == Pen::kThrough) ++end;
    const bool corner = end < points.size() && form.points[end].pen == Pen::kCorner;
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(first);
    const auto stop = points.begin() + static_cast<std::ptrdiff_t>(corner ? end + 1 : end);
    draw_curve(hand, {begin, stop}, joined, random, track);
    joined = corner;
    first = end;
  }
  return track;
}

}  // namespace deltarule
