#include "deltarule/study/study_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <stdexcept>

#include "deltarule/base/error.h"
#include "deltarule/base/file.h"
#include "deltarule/study/study.h"
#include "deltarule/study/study_keys.h"

namespace deltarule {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const char* const kSmall = R"(
name = "small"
[[experiment]]
name = "a"
[[experiment]]
name = "b"
)";

StudyFile parse(const std::string& text) { return parse_study_file(text, "small.toml"); }

std::string message_of(const std::string& text) {
  try {
    parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

const Experiment& experiment_of(const StudyFile& study, const std::string& name) {
  for (const Experiment& experiment : study.experiments) {
    if (experiment.name == name) return experiment;
  }
  throw std::out_of_range(name);
}

StudyFile paper() { return read_study_file(DELTARULE_SOURCE_DIR "/studies/paper.toml"); }

TEST(StudyFile, NeedsNoMoreThanANameAndAnExperiment) {
  const StudyFile study = parse("name = 'tiny'\n[[experiment]]\nname = 'one'\n");
  EXPECT_EQ(study.title, "tiny");
  EXPECT_EQ(study.seeds, 5);
  ASSERT_EQ(study.experiments.size(), 1u);
  EXPECT_EQ(study.experiments[0].title, "one");
  EXPECT_EQ(study.experiments[0].options.hidden, RunOptions{}.hidden);
  EXPECT_FALSE(study.experiments[0].paper);
  EXPECT_EQ(study.groups, std::vector<std::string>{study.experiments[0].group});
}

TEST(StudyFile, GivesTheDefaultsToEveryExperimentWhichMayOverrideThem) {
  const StudyFile study = parse(R"(
    name = "small"
    [[experiment]]
    name = "a"
    [[experiment]]
    name = "b"
    momentum = 0.5
    penalty_step = "direct"
    [defaults]
    momentum = 0.9
    learning_rate = 1
    batch = 64
  )");
  EXPECT_EQ(study.experiments[0].options.momentum, 0.9);
  EXPECT_EQ(study.experiments[0].options.learning_rate, 1.0);
  EXPECT_EQ(study.experiments[0].options.penalty_step, PenaltyStep::kObjective);
  EXPECT_EQ(study.experiments[1].options.momentum, 0.5);
  EXPECT_EQ(study.experiments[1].options.batch, 64);
  EXPECT_EQ(study.experiments[1].options.penalty_step, PenaltyStep::kDirect);
}

TEST(StudyFile, JoinsTheLinesOfAParagraphAndKeepsParagraphsApart) {
  const StudyFile study = parse(
      "name = 'x'\nabout = \"\"\"\nOne line,\n  another.\n\n Next. \"\"\"\n"
      "[[experiment]]\nname='a'\n");
  EXPECT_EQ(study.about, "One line, another.\n\nNext.");
}

TEST(StudyFile, SaysWhereTheTomlIsBroken) {
  EXPECT_THAT(message_of("name = 'x'\nseeds = = 3\n"), HasSubstr("small.toml:2"));
}

TEST(StudyFile, NamesTheNearestKeyForAnUnknownOne) {
  EXPECT_THAT(message_of("nam = 'x'\n"), AllOf(HasSubstr("small.toml:1"), HasSubstr("name")));
  EXPECT_THAT(message_of("name = 'x'\n[[experimnt]]\nname = 'a'\n"), HasSubstr("experiment"));
  EXPECT_THAT(message_of("name = 'x'\n[[experiment]]\nname = 'a'\nmomentm = 0.9\n"),
              AllOf(HasSubstr("small.toml:4"), HasSubstr("momentum")));
  EXPECT_THAT(message_of("name = 'x'\n[defaults]\nbach = 3\n[[experiment]]\nname = 'a'\n"),
              AllOf(HasSubstr("small.toml:3"), HasSubstr("batch")));
  EXPECT_THAT(message_of(std::string(kSmall) + "paper = {tabel = 'T', test_accuracy = 0.5}\n"),
              AllOf(HasSubstr("small.toml:7"), HasSubstr("table")));
  EXPECT_THAT(message_of(std::string(kSmall) + "[[question]]\nsak = 'x'\n"), HasSubstr("ask"));
}

TEST(StudyFile, RefusesValuesOutOfRangeOrOfTheWrongType) {
  for (const char* line :
       {"momentum = 1.5", "batch = 0", "batch = 1.5", "batch = 'many'", "l1 = nan", "l1 = 2",
        "penalty_step = 'sideways'", "hidden = '128:swish'", "initializer = 'magic'",
        "schedule = 'step:0'", "momentum = [0.9]", "momentum = 1979-05-27", "paper = 3",
        "paper = {table = 'Table 1', test_accuracy = 97.73}", "paper = {table = 'Table 1'}"}) {
    EXPECT_THAT(message_of(std::string(kSmall) + line + "\n"), HasSubstr("small.toml:7")) << line;
  }
  EXPECT_THAT(message_of("seeds = 0\n"), HasSubstr("small.toml:1"));
}

TEST(StudyFile, AllowsANegativePenaltyBecauseThePaperLikelyHadOne) {
  EXPECT_EQ(parse(std::string(kSmall) + "l1 = -1e-4\n").experiments[1].options.l1, -1e-4);
}

TEST(StudyFile, RefusesAStudyThatIsIncomplete) {
  EXPECT_THAT(message_of(""), HasSubstr("'name' is missing"));
  EXPECT_THAT(message_of("name = 'x'\n"), HasSubstr("at least one experiment"));
  EXPECT_THAT(message_of("name = 'x'\n[[experiment]]\nbatch = 3\n"), HasSubstr("'name'"));
  EXPECT_THAT(message_of("name = 'x'\n[experiment]\nname = 'a'\n"), HasSubstr("[[experiment]]"));
  EXPECT_THAT(message_of("name = 'x'\nexperiment = [1]\n"), HasSubstr("[[experiment]]"));
  EXPECT_THAT(message_of("name = 'x'\ndefaults = 1\n"), HasSubstr("[defaults]"));
}

TEST(StudyFile, RefusesNamesThatAreTakenOrNotPlain) {
  EXPECT_THAT(message_of(std::string(kSmall) + "[[experiment]]\nname = 'a'\n"),
              AllOf(HasSubstr("small.toml:7"), HasSubstr("same name")));
  EXPECT_THAT(message_of("name = 'x'\n[[experiment]]\nname = '../a'\n"), HasSubstr("plain"));
  EXPECT_THAT(message_of("name='x'\n[[group]]\nname='g'\n[[group]]\nname='g'\n"),
              HasSubstr("same name"));
}

TEST(StudyFile, RefusesAGroupThatIsNotThere) {
  const std::string text =
      "name = 'x'\n[[group]]\nname = 'Penalties'\n[[experiment]]\nname = 'a'\n";
  EXPECT_THAT(message_of(text + "group = 'Penaltys'\n"), HasSubstr("Penalties"));
  EXPECT_THAT(message_of(text), HasSubstr("small.toml:4"));
}

TEST(StudyFile, RefusesAQuestionAboutWhatIsNotThere) {
  const std::string text = std::string(kSmall) + "[[question]]\nask = 'x'\nfirst = 'a'\n";
  EXPECT_EQ(parse(text + "second = 'b'\n").questions[0].metric, "best.test_accuracy");
  EXPECT_THAT(message_of(text + "second = 'c'\n"), HasSubstr("small.toml:7"));
  EXPECT_THAT(message_of(text + "second = 'b'\nmetric = 'best.test_acuracy'\n"),
              HasSubstr("best.test_accuracy"));
  EXPECT_THAT(message_of(text), HasSubstr("'second' is missing"));
}

TEST(StudyFile, RefusesAPlaceholderThatCannotBeFilled) {
  const auto with = [](const std::string& measured) {
    return std::string(kSmall) + "[[correction]]\npaper='p'\nright='r'\nmeasured='" + measured +
           "'\n";
  };
  EXPECT_EQ(parse(with("{a.best_epoch} and {b.last.test_loss}")).corrections.size(), 1u);
  EXPECT_THAT(message_of(with("{c.best_epoch}")), HasSubstr("small.toml:7"));
  EXPECT_THAT(message_of(with("{a.best_epoch} {a.best_epok}")), HasSubstr("best_epoch"));
  EXPECT_THAT(message_of(with("{a}")), HasSubstr("{experiment.metric}"));
  EXPECT_THAT(message_of(with("{a.best_epoch")), HasSubstr("{experiment.metric}"));
}

TEST(StudyFile, WantsANetworkOfOneHiddenLayerForThePapersEntries) {
  const std::string entry =
      "[[paper_entry]]\nlocation='x'\napproximation=1.0\nbackprop=1.0\ndifference=0.0\n";
  EXPECT_THAT(message_of(kSmall + entry), HasSubstr("one hidden layer"));
  EXPECT_THAT(message_of(kSmall + entry + "[[gradient_check]]\nhidden='8,8'\n"),
              HasSubstr("one hidden layer"));
  EXPECT_EQ(parse(kSmall + entry + "[[gradient_check]]\nhidden='8'\n").paper_entries.size(), 1u);
}

TEST(RunOptionsFile, HasTheKeysOfARunAndNoOthers) {
  const std::filesystem::path path = testing::TempDir() + "deltarule_run_options_test.toml";
  replace_file(path, "hidden = \"none\"\nepochs = 3\n");
  const RunOptions options = read_run_options(path);
  EXPECT_EQ(options.hidden, "none");
  EXPECT_EQ(options.epochs, 3);
  replace_file(path, "hidden = \"none\"\nepoch = 3\n");
  EXPECT_THROW(read_run_options(path), Error);
  std::filesystem::remove(path);
}

TEST(PaperStudy, HasTheNumbersOfTheTables) {
  struct Row {
    const char *experiment, *table, *hidden;
    double learning_rate;
    int epochs, patience;
    double accuracy;
    int stop;
  };
  const StudyFile study = paper();
  for (const Row& row :
       std::vector<Row>{{"softmax", "Table 2", "none", 1e-3, 100, 3, 0.9181, 11},
                        {"tanh", "Table 3", "128:tanh", 1e-3, 100, 5, 0.9773, 20},
                        {"tanh-momentum", "Table 4", "128:tanh", 1e-3, 100, 5, 0.9776, 14},
                        {"relu", "Table 5", "128:relu", 1e-4, 110, 5, 0.9782, 110},
                        {"sigmoid-as-stated", "Table 6", "128:sigmoid", 1e-4, 150, 5, 0.9788, 150},
                        {"l1-as-stated", "Table 7", "128:sigmoid", 1e-4, 60, 3, 0.9634, 32},
                        {"l2-as-stated", "Table 8", "128:sigmoid", 1e-4, 60, 3, 0.9641, 18}}) {
    const Experiment& experiment = experiment_of(study, row.experiment);
    EXPECT_EQ(experiment.options.hidden, row.hidden);
    EXPECT_EQ(experiment.options.learning_rate, row.learning_rate);
    EXPECT_EQ(experiment.options.epochs, row.epochs);
    EXPECT_EQ(experiment.options.patience, row.patience);
    EXPECT_EQ(experiment.options.momentum, row.table == std::string("Table 4") ? 0.9 : 0.0);
    ASSERT_TRUE(experiment.paper) << row.experiment;
    EXPECT_EQ(experiment.paper->table, row.table);
    EXPECT_EQ(experiment.paper->test_accuracy, row.accuracy);
    EXPECT_EQ(experiment.paper->stopped_epoch, row.stop);
  }
}

TEST(PaperStudy, QuotesEachTableInTheSameWordsWhereverItIsReadAgain) {
  const StudyFile study = paper();
  std::map<std::string, PaperResult> first;
  for (const Experiment& experiment : study.experiments) {
    EXPECT_EQ(experiment.options.batch, 128);
    EXPECT_EQ(experiment.options.reduction, Reduction::kSum);
    EXPECT_EQ(experiment.options.split, SplitMethod::kPaper);
    if (!experiment.paper) continue;
    const PaperResult& known =
        first.emplace(experiment.paper->table, *experiment.paper).first->second;
    EXPECT_EQ(experiment.paper->test_accuracy, known.test_accuracy) << experiment.name;
    EXPECT_EQ(experiment.paper->stopped_epoch, known.stopped_epoch) << experiment.name;
  }
  EXPECT_EQ(first.size(), 7u);
}

TEST(PaperStudy, ComparesPenaltiesThatDifferInNothingElse) {
  const StudyFile study = paper();
  const RunOptions none = experiment_of(study, "fair-none").options;
  EXPECT_EQ(none.l1, 0);
  EXPECT_EQ(none.l2, 0);
  int compared = 0;
  for (const Experiment& experiment : study.experiments) {
    if (experiment.name.rfind("fair-", 0) != 0) continue;
    RunOptions options = experiment.options;
    EXPECT_EQ(options.l1 != 0 || options.l2 != 0, experiment.name != "fair-none");
    options.l1 = options.l2 = 0;
    for (const std::string& name : run_options().names()) {
      EXPECT_EQ(run_options().get(options, name), run_options().get(none, name)) << name;
    }
    ++compared;
  }
  EXPECT_GE(compared, 7);
}

TEST(PaperStudy, HasTheGradientTableAsPrinted) {
  const StudyFile study = paper();
  ASSERT_EQ(study.paper_entries.size(), 6u);
  EXPECT_EQ(study.paper_entries[0].location, "Input to Hidden (0, 0)");
  const double printed[6][3] = {
      {0.001484, 0.001462, 2.216747e-05}, {0.002250, 0.002254, 3.658941e-06},
      {0.048427, 0.048427, 1.871714e-10}, {0.004482, 0.004482, 1.064512e-10},
      {0.900012, 0.900013, 1.199896e-06}, {0.003645, 0.003633, 1.161070e-05}};
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(study.paper_entries[i].approximation, printed[i][0]);
    EXPECT_EQ(study.paper_entries[i].backprop, printed[i][1]);
    EXPECT_EQ(study.paper_entries[i].difference, printed[i][2]);
  }
  EXPECT_EQ(study.gradient_checks.size(), 4u);
}

TEST(StudyFileManual, NamesEveryKeyAndEveryMetric) {
  const std::string manual = read_file(DELTARULE_SOURCE_DIR "/docs/study-file.md");
  for (const std::vector<std::string>& names :
       {run_options().names(), study_keys().names(), group_keys().names(),
        experiment_keys().names(), question_keys().names(), correction_keys().names(),
        gradient_check_keys().names(), paper_entry_keys().names(), metric_names()}) {
    for (const std::string& name : names) {
      EXPECT_THAT(manual, HasSubstr("`" + name + "`"));
    }
  }
}

}  // namespace
}  // namespace deltarule
