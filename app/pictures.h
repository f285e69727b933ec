// Pictures of examples: on the terminal, and as a contact sheet.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "app/terminal.h"
#include "deltarule/data/dataset.h"

namespace deltarule::app {

/// The pictures of `rows` side by side under their classes, as many to a line as fit. In color,
/// each character holds two pixels, one above the other; otherwise a shade of ASCII.
/// Precondition: data.is_bytes() and data.image is not empty.
std::string draw_examples(const Dataset& data, std::span<const std::uint32_t> rows,
                          const Terminal& terminal);

/// The bytes of a PNG with the pictures in rows of ten.
std::string contact_sheet(const Dataset& data, std::span<const std::uint32_t> rows);

}  // namespace deltarule::app
