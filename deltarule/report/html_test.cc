#include "deltarule/report/html.h"

#include <gmock/gmock.h>

#include <set>

#include "deltarule/report/assets.h"
#include "deltarule/report/report_fixture.h"

namespace deltarule {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Dataset& dataset() {
  static const Dataset data = report_fixture::make_dataset();
  return data;
}

/// The page without its script and style, which are the same for every study.
std::string page_of(const StudyResult& study) {
  std::string page = report_html(study, dataset());
  for (const std::string_view part : {report_script(), report_style()}) {
    const std::size_t at = page.find(part);
    if (at != std::string::npos) page.erase(at, part.size());
  }
  return page;
}

const std::string& page() {
  static const std::string page = page_of(report_fixture::make_study(dataset()));
  return page;
}

TEST(Assets, AreInsideTheLibraryAndMayStandInAPage) {
  EXPECT_GT(report_script().size(), 100000u);
  EXPECT_THAT(std::string(report_style()), HasSubstr("color-scheme"));
  EXPECT_EQ(report_script().find("</script"), std::string_view::npos);
  EXPECT_EQ(report_script().find("<!--"), std::string_view::npos);
}

TEST(Report, ShowsNamesAsTextAndNeverAsMarkup) {
  StudyResult study = report_fixture::make_study(dataset(), 2);
  const std::string evil = "<img src=x onerror=alert(1)>\"'</script><script>";
  study.study.title = study.data_name = study.notice = evil;
  study.study.groups[0] = study.experiments[0].experiment.group = evil;
  study.experiments[0].experiment.title = study.experiments[0].experiment.note = evil;
  study.experiments[0].experiment.paper->table = evil;
  study.study.questions[0].ask = study.study.corrections[0].paper = evil;
  study.gradient_checks[0].network = study.environment.command = evil;
  const std::string html = page_of(study);
  EXPECT_THAT(html, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(html, HasSubstr("&lt;img src=x onerror=alert(1)&gt;"));
}

TEST(Report, AsksForNothingFromTheNetwork) {
  for (const char* fetched : {"src=\"http", "src=\"//", "href=\"http", "href=\"//", "<link"}) {
    EXPECT_THAT(page(), Not(HasSubstr(fetched)));
  }
  EXPECT_THAT(page(), HasSubstr("default-src &#39;none&#39;"));
}

TEST(Report, HasEveryPartAndEveryAnchorOnce) {
  const std::string before = " id=\"";
  std::set<std::string> ids;
  for (std::size_t at = page().find(before); at != std::string::npos;
       at = page().find(before, at + 1)) {
    const std::size_t start = at + before.size();
    const std::string id = page().substr(start, page().find('"', start) - start);
    EXPECT_TRUE(ids.insert(id).second) << id;
  }
  for (const char* part : {"verdicts", "samples", "group-1", "group-4", "gradients", "best-model",
                           "corrections", "environment"}) {
    EXPECT_EQ(ids.count(part), 1u) << part;
    EXPECT_THAT(page(), HasSubstr("href=\"#" + std::string(part) + "\""));
  }
}

TEST(Report, SaysPlainlyWhatItIsNot) {
  StudyResult study = report_fixture::make_study(dataset(), 1);
  study.quick = study.interrupted = true;
  study.notice = "No MNIST here: synthetic digits.";
  const std::string html = page_of(study);
  EXPECT_THAT(html, HasSubstr("banner quick"));
  EXPECT_THAT(html, HasSubstr("banner interrupted"));
  EXPECT_THAT(html, HasSubstr("No MNIST here"));
  EXPECT_THAT(html, HasSubstr("one seed: no interval"));
  EXPECT_THAT(html, Not(HasSubstr(">reproduced<")));
}

TEST(Report, FillsCorrectionsWithMeasurements) {
  EXPECT_THAT(page(), HasSubstr("(last weights, 5 seeds)"));
  EXPECT_THAT(page(), HasSubstr("(missing: not measured)"));
  EXPECT_THAT(page(), HasSubstr("{no such thing} stays"));
}

TEST(Report, ComesOutOfAStudyInWhichNothingWasRun) {
  StudyResult nothing;
  nothing.study.groups = {"empty"};
  nothing.study.questions = {{"?", "a", "b", "best.test_accuracy", ""}};
  EXPECT_THAT(page_of(nothing), HasSubstr("Not measured"));

  StudyResult interrupted = report_fixture::make_study(dataset(), 2);
  for (ExperimentResult& experiment : interrupted.experiments) {
    experiment.runs.clear();
    experiment.first_model.reset();
  }
  EXPECT_THAT(page_of(interrupted), Not(HasSubstr("id=\"best-model\"")));
}

TEST(Report, LeavesPicturesOutOfDataThatHasNone) {
  Dataset table = dataset();
  table.image = {};
  const StudyResult study = report_fixture::make_study(table, 2);
  const std::string html = report_html(study, table);
  EXPECT_EQ(html.find("class=\"example\""), std::string::npos);
  EXPECT_NE(html.find("Confusion matrix"), std::string::npos);
}

}  // namespace
}  // namespace deltarule
