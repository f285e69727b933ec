#include "deltarule/report/markup.h"

#include <gtest/gtest.h>

namespace deltarule {
namespace {

TEST(Markup, ShowsTextThatLooksLikeATagAsText) {
  EXPECT_EQ(text("<script>alert('a&b')</script>\"").markup,
            "&lt;script&gt;alert(&#39;a&amp;b&#39;)&lt;/script&gt;&quot;");
}

TEST(Markup, KeepsAttributesInsideTheirQuotes) {
  EXPECT_EQ(tag("a", {{"href", "x\" onclick=\"y"}}, text("1 < 2")).markup,
            "<a href=\"x&quot; onclick=&quot;y\">1 &lt; 2</a>");
  EXPECT_EQ(void_tag("img", {{"alt", "<"}}).markup, "<img alt=\"&lt;\">");
}

TEST(Markup, NeverLetsJsonEndItsElement) {
  EXPECT_EQ(json_element(R"({"a":"</script><!--"})").markup,
            "<script type=\"application/json\">"
            R"({"a":"\u003c/script>\u003c!--"})"
            "</script>");
}

TEST(Markup, PartsParagraphsAtBlankLines) {
  EXPECT_EQ(paragraphs("one\nline\n\ntwo & three\n\n").markup,
            "<p>one\nline</p><p>two &amp; three</p>");
  EXPECT_EQ(paragraphs("").markup, "");
}

TEST(Markup, EncodesBase64AsTheStandardsExamples) {  // RFC 4648, section 10
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace deltarule
