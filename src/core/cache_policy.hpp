#pragma once

namespace coroom::detail {

/// The treatment of data that was read from files.
enum class CachePolicy {
  keep,   ///< read once
  reload  ///< read for each use, so that changes are seen at once (Settings::debug)
};

}  // namespace coroom::detail
