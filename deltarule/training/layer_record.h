// What is measured of each layer at the end of an epoch.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "deltarule/evaluation/evaluate.h"
#include "deltarule/training/history.h"

namespace deltarule {

/// Fills in the norms of weights and gradients. `records` has one entry per layer.
void fill_norms(const Network<float>& network, const Gradients<float>& gradients,
                std::vector<LayerRecord>& records);

/// Fills in the shares of dead and saturated units over the first of `rows`, as many as one pass of
/// the workspace takes. `records` has one entry per layer.
void add_unit_shares(const Network<float>& network, const Dataset& data,
                     const Normalizer& normalizer, std::span<const std::uint32_t> rows,
                     EvaluationWorkspace& workspace, std::vector<LayerRecord>& records);

}  // namespace deltarule
