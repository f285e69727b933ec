#include "deltarule/base/options.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "deltarule/base/error.h"

namespace deltarule {
namespace {

enum class Reduction { kMean, kSum };

struct Settings {
  bool shuffle = true;
  int epochs = 10;
  std::uint64_t seed = 1;
  double rate = 0.1;
  std::string name = "first";
  Reduction reduction = Reduction::kMean;
};

const OptionSet<Settings>& settings_options() {
  static const OptionSet<Settings> options =
      OptionSet<Settings>()
          .add_switch("shuffle", &Settings::shuffle, "draw a new order each epoch")
          .add_integer("epochs", &Settings::epochs, 1, 1000, "how many")
          .add_integer("seed", &Settings::seed, 0, std::numeric_limits<std::int64_t>::max(), "seed")
          .add_number("learning_rate", &Settings::rate, 0, 10, "step size")
          .add_text("name", &Settings::name, "what to call it")
          .add_choice("reduction", &Settings::reduction, {"mean", "sum"}, "over the batch");
  return options;
}

const OptionInfo& info_of(const std::string& name) {
  for (const auto& option : settings_options().options()) {
    if (option.info.name == name) return option.info;
  }
  throw std::logic_error(name);
}

Explanation refusal(const std::string& name, const std::string& text) {
  try {
    parse_option(info_of(name), text, "--flag");
  } catch (const Error& error) {
    return error.explanation();
  }
  ADD_FAILURE() << name << " accepts " << text;
  return {};
}

TEST(Options, AreSetFromTextAndReadBack) {
  Settings settings;
  const auto& options = settings_options();
  options.set_text(settings, "shuffle", "off", "test");
  options.set_text(settings, "epochs", "25", "test");
  options.set_text(settings, "seed", "9223372036854775807", "test");
  options.set_text(settings, "learning_rate", "1e-3", "test");
  options.set_text(settings, "name", "second", "test");
  options.set_text(settings, "reduction", "sum", "test");
  EXPECT_FALSE(settings.shuffle);
  EXPECT_EQ(settings.epochs, 25);
  EXPECT_EQ(settings.seed, 9223372036854775807u);
  EXPECT_EQ(settings.rate, 0.001);
  EXPECT_EQ(settings.name, "second");
  EXPECT_EQ(settings.reduction, Reduction::kSum);
  EXPECT_EQ(options.get(settings, "reduction"), OptionValue("sum"));
  EXPECT_EQ(to_text(options.get(settings, "learning_rate")), "0.001");
}

TEST(Options, ConvertWhereNothingIsLost) {
  EXPECT_EQ(check_option(info_of("epochs"), 2.0, "x"), OptionValue(std::int64_t{2}));
  EXPECT_EQ(check_option(info_of("learning_rate"), std::int64_t{2}, "x"), OptionValue(2.0));
  EXPECT_EQ(parse_option(info_of("epochs"), "1e2", "x"), OptionValue(std::int64_t{100}));
  EXPECT_THROW(check_option(info_of("epochs"), 2.5, "x"), Error);
  EXPECT_THROW(check_option(info_of("epochs"), true, "x"), Error);
  EXPECT_THROW(check_option(info_of("shuffle"), std::int64_t{1}, "x"), Error);
  EXPECT_THROW(check_option(info_of("name"), std::int64_t{1}, "x"), Error);
  EXPECT_THROW(check_option(info_of("learning_rate"), std::string("1"), "x"), Error);
}

TEST(Options, RefuseWhatIsOutOfRangeAndSayTheRange) {
  for (const char* text : {"0", "1001", "-1", "1e30", "99999999999999999999"}) {
    const Explanation why = refusal("epochs", text);
    EXPECT_EQ(why.what, "epochs is out of range");
    EXPECT_EQ(why.where, "--flag");
    EXPECT_EQ(why.expected, "1 to 1000");
  }
  EXPECT_EQ(refusal("learning_rate", "-0.5").found, "-0.5");
  EXPECT_EQ(refusal("learning_rate", "10.1").expected, "0 to 10");
}

TEST(Options, RefuseNumbersThatAreNone) {
  for (const char* text : {"", "ten", "1 ", " 1", "1x", "0x10", "1,5", "--1"}) {
    EXPECT_EQ(refusal("epochs", text).what, "epochs is not a whole number") << text;
    EXPECT_EQ(refusal("learning_rate", text).what, "learning_rate is not a number") << text;
  }
  EXPECT_EQ(refusal("epochs", "1.5").what, "epochs is not a whole number");
  for (const char* text : {"nan", "inf", "-inf"}) {
    EXPECT_EQ(refusal("learning_rate", text).what, "learning_rate is not a finite number");
    EXPECT_THROW(parse_option(info_of("epochs"), text, "x"), Error);
  }
}

TEST(Options, TakeSwitchesAsPeopleWriteThem) {
  for (const char* text : {"true", "on", "yes", "1"}) {
    EXPECT_EQ(parse_option(info_of("shuffle"), text, "x"), OptionValue(true));
  }
  for (const char* text : {"false", "off", "no", "0"}) {
    EXPECT_EQ(parse_option(info_of("shuffle"), text, "x"), OptionValue(false));
  }
  EXPECT_EQ(refusal("shuffle", "maybe").expected, "on or off");
}

TEST(Options, RefuseAnUnknownChoiceAndSuggestTheNearest) {
  const Explanation why = refusal("reduction", "maen");
  EXPECT_EQ(why.expected, "mean or sum");
  EXPECT_EQ(why.next, "did you mean \"mean\"?");
}

TEST(Options, RefuseAnUnknownNameAndSuggestTheNearest) {
  Settings settings;
  try {
    settings_options().set_text(settings, "learning-raet", "1", "study.toml, line 3");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.explanation().what, "there is no option \"learning-raet\"");
    EXPECT_EQ(error.explanation().where, "study.toml, line 3");
    EXPECT_EQ(error.explanation().next, "did you mean \"learning_rate\"?");
  }
  EXPECT_THROW(settings_options().get(settings, "speed"), Error);
}

TEST(Options, SayTheirRange) {
  EXPECT_EQ(info_of("shuffle").range_text(), "on or off");
  EXPECT_EQ(info_of("seed").range_text(), "0 or more");
  EXPECT_EQ(info_of("name").range_text(), "text");
  EXPECT_EQ((OptionInfo{"x", OptionType::kChoice, 0, 0, {"a", "b", "c"}, ""}).range_text(),
            "a, b or c");
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ((OptionInfo{"x", OptionType::kNumber, -infinity, infinity, {}, ""}).range_text(),
            "a number");
  EXPECT_EQ((OptionInfo{"x", OptionType::kNumber, -infinity, 0.5, {}, ""}).range_text(),
            "0.5 or less");
}

TEST(OptionText, IsWhatAPersonWouldWrite) {
  EXPECT_EQ(to_text(true), "true");
  EXPECT_EQ(to_text(std::int64_t{128}), "128");
  EXPECT_EQ(to_text(0.001), "0.001");
  EXPECT_EQ(to_text(0.0001), "0.0001");
  EXPECT_EQ(to_text(2.0), "2");
  EXPECT_EQ(to_text(0.0), "0");
  EXPECT_EQ(to_text(1e-8), "1e-8");
  EXPECT_EQ(to_text(1e-12), "1e-12");
  EXPECT_EQ(to_text(std::string("text")), "text");
}

TEST(OptionText, OfANumberIsReadBackAsTheSameNumber) {
  const OptionInfo any{"x", OptionType::kNumber, -1e308, 1e308, {}, ""};
  for (const double value : {0.1, 1.0 / 3, 1e-300, 6.02214076e23, -123456.789, 5e-7, 1e-100}) {
    EXPECT_EQ(parse_option(any, to_text(value), "x"), OptionValue(value));
  }
}

TEST(NearestName, ForgivesSlipsButSuggestsNothingFarAway) {
  const std::vector<std::string> names = {"epochs", "momentum", "learning_rate", "l1", "l2"};
  EXPECT_EQ(nearest_name("epohcs", names), "epochs");
  EXPECT_EQ(nearest_name("Momentun", names), "momentum");
  EXPECT_EQ(nearest_name("learning-rate", names), "learning_rate");
  EXPECT_EQ(nearest_name("l3", names), "l1");
  EXPECT_EQ(nearest_name("zebra", names), "");
  EXPECT_EQ(nearest_name("x", names), "");
  EXPECT_EQ(nearest_name("", names), "");
  EXPECT_EQ(nearest_name("epochs", {}), "");
}

}  // namespace
}  // namespace deltarule
