// Markup that cannot be confused with text.
//
// `Html` holds markup; the only way from a text to markup is `text`, which escapes. So a name that
// looks like a tag is shown as it is, wherever it comes from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deltarule {

struct Html {
  std::string markup;
  Html& operator+=(const Html& other) {
    markup += other.markup;
    return *this;
  }
};
inline Html operator+(Html first, const Html& second) { return first += second; }

/// & < > " ' escaped: safe between tags and inside a quoted attribute.
Html text(std::string_view words);

/// The value is escaped.
struct Attribute {
  std::string name, value;
};

/// <name attributes>inner</name>. `name` and the attributes' names are ours, never data.
Html tag(std::string_view name, const std::vector<Attribute>& attributes, const Html& inner);
Html tag(std::string_view name, const Html& inner);
/// An element without an end, such as img.
Html void_tag(std::string_view name, const std::vector<Attribute>& attributes);

/// Shorthand for tag(name, {{"class", style}}, inner).
Html styled(std::string_view name, std::string_view style, const Html& inner);

/// <section id> with its heading, as every part of the page is.
Html section(std::string_view id, std::string_view heading, const Html& inner);

/// One <p> per paragraph of plain text; blank lines part them.
Html paragraphs(std::string_view words);

/// JSON that the script reads. "<" becomes its \u escape, so that no text in it can end the
/// element.
Html json_element(std::string_view json);

std::string base64(std::string_view bytes);

}  // namespace deltarule
