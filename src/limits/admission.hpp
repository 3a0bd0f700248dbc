#pragma once

namespace coroom::detail::limits {

/// The decision on a new connection.
enum class Admission {
  admitted,
  server_full,  ///< too many connections in total: answered 503
  too_many,     ///< too many connections of its address, or too fast: answered 429
  flood         ///< too_many for so long that there is no response
};

}  // namespace coroom::detail::limits
