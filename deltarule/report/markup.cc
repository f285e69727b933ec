#include "deltarule/report/markup.h"

#include <algorithm>
#include <cstdint>

namespace deltarule {
namespace {

std::string opening(std::string_view name, const std::vector<Attribute>& attributes) {
  std::string result = "<" + std::string(name);
  for (const Attribute& attribute : attributes) {
    result += " " + attribute.name + "=\"" + text(attribute.value).markup + "\"";
  }
  return result + ">";
}

}  // namespace

Html text(std::string_view words) {
  std::string result;
  result.reserve(words.size());
  for (const char c : words) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += c;
    }
  }
  return {result};
}

Html tag(std::string_view name, const std::vector<Attribute>& attributes, const Html& inner) {
  return {opening(name, attributes) + inner.markup + "</" + std::string(name) + ">"};
}

Html tag(std::string_view name, const Html& inner) { return tag(name, {}, inner); }

Html void_tag(std::string_view name, const std::vector<Attribute>& attributes) {
  return {opening(name, attributes)};
}

Html styled(std::string_view name, std::string_view style, const Html& inner) {
  return tag(name, {{"class", std::string(style)}}, inner);
}

Html section(std::string_view id, std::string_view heading, const Html& inner) {
  return {"\n" +
          tag("section", {{"id", std::string(id)}}, tag("h2", text(heading)) + inner).markup};
}

Html paragraphs(std::string_view words) {
  Html result;
  while (!words.empty()) {
    const std::size_t end = words.find("\n\n");
    const std::string_view paragraph = words.substr(0, end);
    if (paragraph.find_first_not_of(" \t\r\n") != std::string_view::npos) {
      result += tag("p", text(paragraph));
    }
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 2);
  }
  return result;
}

Html json_element(std::string_view json) {
  std::string safe;
  safe.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return {"<script type=\"application/json\">" + safe + "</script>"};
}

std::string base64(std::string_view bytes) {
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t three = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      three = three << 8 | (j < count ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      result += j <= count ? kDigits[three >> (18 - 6 * j) & 63] : '=';
    }
  }
  return result;
}

}  // namespace deltarule
