#include "deltarule/data/lit_pixels.h"

#include <algorithm>

namespace deltarule {
namespace {

/// Appends the lit patches of a row of pixels.
void append_lit(const PatchLayout& layout, std::span<const std::uint8_t> row,
                std::vector<LitPatch>& patches) {
  for (std::size_t k = 0; k < layout.patches(); ++k) {
    const std::uint32_t* features = layout.features.data() + k * kPatchPixels;
    const LitPatch patch = {
        static_cast<std::uint16_t>(k),
        {row[features[0]], row[features[1]], row[features[2]], row[features[3]]}};
    const auto is_lit = [](std::uint8_t pixel) { return pixel != 0; };
    if (std::any_of(std::begin(patch.pixels), std::end(patch.pixels), is_lit)) {
      patches.push_back(patch);
    }
  }
}

}  // namespace

std::shared_ptr<const LitPixels> make_lit_pixels(const Dataset& data) {
  if (!data.is_bytes() || data.features % kPatchPixels != 0 || data.count() == 0) return nullptr;
  if (data.features / kPatchPixels > kMostPatches) return nullptr;
  auto lit = std::make_shared<LitPixels>();
  const bool is_picture = data.image != ImageShape{};
  lit->layout = make_patch_layout(is_picture ? data.image.height : 1,
                                  is_picture ? data.image.width : data.features);
  const double all = static_cast<double>(data.count() * lit->layout.patches());
  // What is dense takes much memory: do not go on to the end to find that it does.
  const double most = std::min(kMostLitShare * all, 0x1p32);
  for (std::size_t n = 0; n < data.count(); ++n) {
    const std::size_t first = lit->patches.size();
    append_lit(lit->layout, data.bytes(n), lit->patches);
    if (static_cast<double>(lit->patches.size()) > most) return nullptr;
    const RowScale scale = per_image_scale(data.bytes(n));
    if (scale.shift > kMostShift) return nullptr;
    lit->examples.push_back({static_cast<std::uint32_t>(first),
                             static_cast<std::uint32_t>(lit->patches.size() - first), scale});
  }
  lit->patches.shrink_to_fit();
  lit->lit_share = static_cast<double>(lit->patches.size()) / all;
  return lit;
}

}  // namespace deltarule
