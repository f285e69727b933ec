#include "deltarule/report/html.h"

#include "deltarule/report/assets.h"
#include "deltarule/report/markup.h"
#include "deltarule/report/picture.h"
#include "deltarule/report/sections.h"

namespace deltarule {
namespace {

/// Nothing may be fetched: what the page needs is in it. Vega compiles its expressions, hence eval.
constexpr const char* kPolicy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline' 'unsafe-eval'; base-uri 'none'; form-action 'none'";

struct Part {
  std::string anchor, name;
  Html markup;
};

std::vector<Part> make_parts(const StudyResult& result, const Dataset& data) {
  std::vector<Part> parts;
  const auto add = [&](const std::string& anchor, const std::string& name, Html markup) {
    if (!markup.markup.empty()) parts.push_back({anchor, name, std::move(markup)});
  };
  add("verdicts", "Verdicts", verdict_section(result));
  add("samples", "The first images", sample_section(result, data));
  for (std::size_t i = 0; i < result.study.groups.size(); ++i) {
    add(group_anchor(i), result.study.groups[i], group_section(result, i));
  }
  add("gradients", "Gradient check", gradient_section(result));
  add("best-model", "The best model", best_model_section(result, data));
  add("corrections", "Where the report is mistaken", correction_section(result));
  add("environment", "Environment", environment_section(result, data));
  return parts;
}

Html contents(const std::vector<Part>& parts) {
  Html items;
  for (const Part& part : parts) {
    items += tag("li", tag("a", {{"href", "#" + part.anchor}}, text(part.name)));
  }
  return tag("nav", {{"class", "contents"}, {"aria-label", "Contents"}}, tag("ol", items));
}

}  // namespace

std::string report_html(const StudyResult& result, const Dataset& data) {
  const std::vector<Part> parts = make_parts(result, data);
  const std::string title = result.study.title.empty() ? result.study.name : result.study.title;
  Html main = header_section(result, data);
  for (const Part& part : parts) main += part.markup;
  const Html head =
      void_tag("meta", {{"charset", "utf-8"}}) +
      void_tag("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}) +
      void_tag("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", kPolicy}}) +
      tag("title", text(title)) + tag("style", Html{std::string(report_style())});
  const Html scheme = tag("button",
                          {{"id", "scheme"},
                           {"type", "button"},
                           {"hidden", ""},
                           {"aria-label", "Change between light and dark"}},
                          text("Dark"));
  const Html body = diverging_filters() + scheme + contents(parts) + tag("main", main) +
                    tag("script", Html{std::string(report_script())});
  return "<!DOCTYPE html>\n" +
         tag("html", {{"lang", "en"}}, tag("head", head) + tag("body", body)).markup + "\n";
}

}  // namespace deltarule
