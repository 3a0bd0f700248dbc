#pragma once

#include <coroom/centrifuge.hpp>
#include <coroom/request.hpp>

namespace coroom::detail::centrifuge {

/// Whether whoever sent this may connect. A request without Origin is no browser's.
[[nodiscard]] bool is_origin_allowed(const CentrifugeSettings& settings, const Request& request);

}  // namespace coroom::detail::centrifuge
