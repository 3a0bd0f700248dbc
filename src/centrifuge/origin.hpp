#pragma once

#include <coroom/centrifuge.hpp>
#include <coroom/request.hpp>

namespace coroom::detail::centrifuge {

/// Returns whether the sender of this request may connect. A request without Origin does not come from a
/// browser.
[[nodiscard]] bool is_origin_allowed(const CentrifugeSettings& settings, const Request& request);

}  // namespace coroom::detail::centrifuge
