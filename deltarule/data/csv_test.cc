#include "deltarule/data/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deltarule/base/file.h"
#include "deltarule/base/testing.h"

namespace deltarule {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const char* const kFlowers =
    "length,width,species\n"
    "5.1,3.5,setosa\n"
    "7.0,3.2,versicolor\n"
    "6.3,-3.3e-1,setosa\n";

Explanation refusal(const std::string& text, const std::string& label = "") {
  return refusal_of([&] { parse_csv(text, "folder/x.csv", {label}); });
}

/// Two rows of 64 pixels, the label first.
std::string pictures(const std::string& last_cell = "255") {
  std::string text;
  for (const char* label : {"7", "3"}) {
    text += label;
    for (int i = 0; i < 63; ++i) text += "," + std::to_string(i * 4);
    text += "," + last_cell + "\n";
  }
  return text;
}

TEST(Csv, HasNamedColumnsAndClasses) {
  const Dataset data = parse_csv(kFlowers, "folder/flowers.csv");
  EXPECT_EQ(data.name, "flowers.csv");
  EXPECT_EQ(data.features, 2u);
  EXPECT_EQ(data.training_count, 3u);
  EXPECT_EQ(data.test_count, 0u);
  EXPECT_THAT(data.feature_names, ElementsAre("length", "width"));
  EXPECT_THAT(data.classes, ElementsAre("setosa", "versicolor"));
  EXPECT_THAT(data.labels, ElementsAre(0, 1, 0));
  EXPECT_THAT(data.floats(2), ElementsAre(6.3F, -0.33F));
  ASSERT_EQ(data.files.size(), 1u);
  EXPECT_EQ(data.files[0].sha256, sha256(kFlowers));
}

TEST(Csv, MayHaveNoHeader) {
  const Dataset data = parse_csv("1,2,a\n3,4,b\n", "x");
  EXPECT_EQ(data.count(), 2u);
  EXPECT_TRUE(data.feature_names.empty());
  EXPECT_THAT(data.labels, ElementsAre(0, 1));
}

TEST(Csv, TakesTheClassesFromTheFirstOrLastColumnOfText) {
  EXPECT_THAT(parse_csv("b,1,2\na,3,4\n", "x").labels, ElementsAre(1, 0));
  EXPECT_THAT(parse_csv("p,q,r\n1,2,b\n3,4,a\n", "x").labels, ElementsAre(1, 0));
}

TEST(Csv, TakesTheClassesFromTheColumnThatIsNamedOrNumbered) {
  const std::string text = "p,q,r\n1,2,7\n3,4,8\n";
  EXPECT_THAT(parse_csv(text, "x", {"q"}).classes, ElementsAre("2", "4"));
  EXPECT_THAT(parse_csv(text, "x", {"3"}).classes, ElementsAre("7", "8"));
  EXPECT_THAT(parse_csv(text, "x", {"1"}).feature_names, ElementsAre("q", "r"));
  EXPECT_THAT(parse_csv("1,2\n3,4\n", "x", {"2"}).classes, ElementsAre("2", "4"));
  EXPECT_THAT(parse_csv("p,Y,r\n1,2,7\n3,4,8\n", "x").classes, ElementsAre("2", "4"));
  // A name goes before a number.
  EXPECT_THAT(parse_csv("x,y,1\n1,2,7\n3,4,8\n", "x", {"1"}).classes, ElementsAre("7", "8"));
}

TEST(Csv, AsksForTheClassesWhenTheyAreNotPlain) {
  const Explanation why = refusal("1,2,3\n4,5,6\n");
  EXPECT_EQ(why.what, "it is not clear which column holds the classes");
  EXPECT_THAT(why.next, HasSubstr("--label"));
  EXPECT_EQ(refusal("p,q,r\n1,b,2\n3,a,4\n").what, why.what);
}

TEST(Csv, RefusesAClassColumnThatIsNotThere) {
  EXPECT_EQ(refusal(kFlowers, "speceis").next, "did you mean \"species\"?");
  for (const char* column : {"0", "4", "-1", "x"}) {
    EXPECT_THAT(refusal(kFlowers, column).what, HasSubstr("there is no column"));
    EXPECT_THAT(refusal("1,2,a\n3,4,b\n", column).what, HasSubstr("there is no column"));
  }
  EXPECT_THAT(refusal("a,a,b\n1,2,3\n4,5,6\n", "a").what, HasSubstr("more than one column"));
}

TEST(Csv, IsAHeaderEvenIfOnlyTheNameOfTheClassesIsText) {
  EXPECT_THAT(parse_csv("0,1,Class\n1,2,b\n3,4,a\n", "x").feature_names, ElementsAre("0", "1"));
}

TEST(Csv, SortsClassesAsNumbersOrAsText) {
  EXPECT_THAT(parse_csv("label,q\n10,1\n9,2\n-1,3\n", "x").classes, ElementsAre("-1", "9", "10"));
  EXPECT_THAT(parse_csv("label,q\n10,1\n9,2\nx,3\n", "x").classes, ElementsAre("10", "9", "x"));
}

TEST(Csv, FindsTheSeparator) {
  for (const std::string separator : {",", ";", "\t", " ", "   ", " \t", ", "}) {
    const std::string s = separator;
    const Dataset data = parse_csv("1" + s + "2" + s + "a\n3" + s + "4" + s + "b\n", "x");
    EXPECT_EQ(data.features, 2u) << '"' << s << '"';
    EXPECT_THAT(data.floats(1), ElementsAre(3, 4));
  }
  EXPECT_THAT(parse_csv("  1  2 a  \n 3 4 \"b c\"\n", "x").classes, ElementsAre("a", "b c"));
}

TEST(Csv, TakesQuotesAndAnyLineEnds) {
  const Dataset data =
      parse_csv("\"p, first\",\"the \"\"q\"\"\",label\r\n\"1\",2,\"a,\nb\"\r\n\r\n 3 , 4 ,c", "x");
  EXPECT_THAT(data.feature_names, ElementsAre("p, first", "the \"q\""));
  EXPECT_THAT(data.classes, ElementsAre("a,\nb", "c"));
  EXPECT_THAT(data.floats(1), ElementsAre(3, 4));
  EXPECT_EQ(parse_csv("1,2,a\r3,4,b\r", "x").count(), 2u);
  EXPECT_EQ(parse_csv("1,2,a\n\n\n3,4,b", "x").count(), 2u);
}

TEST(Csv, SkipsAByteOrderMark) {
  EXPECT_THAT(parse_csv("\xEF\xBB\xBFlabel,q\n0,1\n1,2\n", "x").classes, ElementsAre("0", "1"));
}

TEST(Csv, OfBytesInSquaresIsPictures) {
  const Dataset data = parse_csv(pictures(), "x");
  EXPECT_TRUE(data.is_bytes());
  EXPECT_EQ(data.image, (ImageShape{8, 8}));
  EXPECT_THAT(data.classes, ElementsAre("3", "7"));
  EXPECT_EQ(data.bytes(1)[63], 255);
  EXPECT_TRUE(parse_csv(pictures("7.000e+00"), "x").is_bytes());
  EXPECT_FALSE(parse_csv(pictures("256"), "x", {"1"}).is_bytes());
  EXPECT_FALSE(parse_csv(pictures("0.5"), "x", {"1"}).is_bytes());
}

TEST(Csv, KeepsBytesReadBeforeTheFirstFraction) {
  const Dataset data = parse_csv(pictures("0.5"), "x", {"1"});
  EXPECT_EQ(data.image, ImageShape{});
  EXPECT_EQ(data.floats(0)[1], 4.0F);
  EXPECT_EQ(data.floats(1)[63], 0.5F);
}

TEST(Csv, RefusesMissingCells) {
  for (const char* cell : {"", " ", "?", "NA", "n/a", "NULL", "\"\""}) {
    const Explanation why = refusal("p,q,label\n1,2,a\n3," + std::string(cell) + ",b\n");
    EXPECT_EQ(why.what, "a cell is missing") << cell;
    EXPECT_EQ(why.where, "folder/x.csv, line 3, column 2 (\"q\")");
  }
  EXPECT_EQ(refusal("p,q,label\n1,2,a\n3,4,\n").what, "a cell is missing");
  EXPECT_EQ(refusal("p,q,label\n1,,a\n3,4,b\n").where, "folder/x.csv, line 2, column 2 (\"q\")");
}

TEST(Csv, RefusesWhatIsNoFiniteNumber) {
  for (const char* cell : {"nan", "NaN", "inf", "-inf", "Infinity", "1e39"}) {
    const Explanation why = refusal("1,2,a\n3,4,b\n5," + std::string(cell) + ",a\n");
    EXPECT_EQ(why.what, "a cell is not a finite number") << cell;
    EXPECT_EQ(why.where, "folder/x.csv, line 3, column 2");
  }
  EXPECT_EQ(refusal("1,2,a\n3,4,b\n5,six,a\n").what, "a cell is not a number");
  EXPECT_EQ(refusal("1,2,a\n3,4x,b\n").what, "a cell is not a number");
}

TEST(Csv, RefusesRowsOfAnotherLength) {
  for (const char* row : {"5,6", "5,6,a,7", "5", "5,6,a,"}) {
    const Explanation why = refusal("1,2,a\n\n3,4,b\n" + std::string(row) + "\n");
    EXPECT_EQ(why.where, "folder/x.csv, line 4") << row;
    EXPECT_EQ(why.expected, "3");
  }
}

TEST(Csv, NamesTheLineWhereARowBegins) {
  EXPECT_EQ(refusal("label,q\n\"a\nb\",1\n\nc,x\n").where,
            "folder/x.csv, line 5, column 2 (\"q\")");
}

TEST(Csv, RefusesFilesThatHoldNothingToLearn) {
  EXPECT_EQ(refusal("").what, "the file is empty");
  EXPECT_EQ(refusal("\n\n \n").what, "the file is empty");
  EXPECT_EQ(refusal("\xEF\xBB\xBF").what, "the file is empty");
  EXPECT_EQ(refusal("length,width,label\n").what, "there are no rows below the header");
  EXPECT_EQ(refusal("1,2,a\n3,4,a\n").what, "all rows have the same class");
  EXPECT_EQ(refusal("1\n2\n").what, "there is only one column");
}

TEST(Csv, RefusesAColumnWithoutAName) {
  EXPECT_EQ(refusal(",p,label\n1,2,a\n2,3,b\n").what, "column 1 has no name");
}

TEST(Csv, RefusesQuotesThatDoNotMatch) {
  EXPECT_EQ(refusal("1,2,a\n3,4,\"b\n").what, "a quote is never closed");
  EXPECT_EQ(refusal("1,2,a\n3,4,\"b\" c\n").what, "a quote is out of place");
  EXPECT_EQ(refusal("1,2,a\n3,4,b\"c\n").where, "folder/x.csv, line 2");
}

TEST(Csv, RefusesWhatIsNoText) {
  EXPECT_EQ(refusal(std::string("1,2,a\n\0,4,b\n", 12)).what, "this is not a CSV file");
  EXPECT_THAT(refusal("\xFF\xFE"
                      "1,2")
                  .next,
              HasSubstr("UTF-8"));
}

TEST(Csv, SurvivesACutAtAnyByte) {
  const std::string text = "\"p\",q,label\r\n1,2.5e3,\"a\"\"b\"\r\n3,4,c\r\n";
  for (std::size_t size = 0; size < text.size(); ++size) {
    try {
      EXPECT_LE(parse_csv(text.substr(0, size), "x").count(), 2u);
    } catch (const Error&) {
    }
  }
}

using CsvFile = FolderTest;

TEST_F(CsvFile, MayBeGzipped) {
  replace_file(folder() / "flowers.csv.gz", gzip(kFlowers));
  const Dataset data = read_csv(folder() / "flowers.csv.gz");
  EXPECT_EQ(data.name, "flowers.csv.gz");
  EXPECT_EQ(data.count(), 3u);
  EXPECT_EQ(data.files[0].sha256, sha256(kFlowers));
}

TEST_F(CsvFile, ThatIsABombIsRefused) {
  replace_file(folder() / "zeros.csv.gz", gzip(std::string(std::size_t{80} << 20, '\0')));
  EXPECT_EQ(refusal_of([&] { read_csv(folder() / "zeros.csv.gz"); }).what,
            "this is not a CSV file");
  replace_file(folder() / "text.csv.gz", gzip(std::string(std::size_t{80} << 20, '1')));
  EXPECT_THAT(refusal_of([&] { read_csv(folder() / "text.csv.gz"); }).what,
              HasSubstr("far more than real data"));
}

}  // namespace
}  // namespace deltarule
