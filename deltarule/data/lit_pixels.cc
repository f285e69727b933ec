#include "deltarule/data/lit_pixels.h"

#include <cstring>

namespace deltarule {

std::shared_ptr<const LitPixels> make_lit_pixels(const Dataset& data) {
  if (!data.is_bytes() || data.features % kPatchPixels != 0 || data.count() == 0) return nullptr;
  auto lit = std::make_shared<LitPixels>();
  const bool is_picture = data.image != ImageShape{};
  lit->layout = make_patch_layout(is_picture ? data.image.height : 1,
                                  is_picture ? data.image.width : data.features);
  const std::size_t patches = lit->layout.patches();
  lit->words.resize(data.count() * patches);
  std::size_t lit_count = 0;
  for (std::size_t n = 0; n < data.count(); ++n) {
    const std::span<const std::uint8_t> row = data.bytes(n);
    for (std::size_t k = 0; k < patches; ++k) {
      const std::uint32_t* features = lit->layout.features.data() + k * kPatchPixels;
      const std::uint8_t pixels[kPatchPixels] = {row[features[0]], row[features[1]],
                                                 row[features[2]], row[features[3]]};
      std::memcpy(&lit->words[n * patches + k], pixels, sizeof pixels);
      lit_count += lit->words[n * patches + k] != 0;
    }
    lit->per_image.push_back(per_image_scale(row));
  }
  lit->lit_share = static_cast<double>(lit_count) / static_cast<double>(lit->words.size());
  if (lit->lit_share > kMostLitShare) return nullptr;
  return lit;
}

}  // namespace deltarule
