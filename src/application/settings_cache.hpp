#pragma once

#include <memory>
#include <mutex>

namespace coroom::detail::application {

/// The settings of a route's connections, which are mostly the same for all: those share one object. Any
/// thread may use it.
template <class Settings>
class SettingsCache {
 public:
  /// Returns an object that equals `settings`: the last one, if that does.
  std::shared_ptr<const Settings> share(const Settings& settings) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!last_ || *last_ != settings) last_ = std::make_shared<const Settings>(settings);
    return last_;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<const Settings> last_;  // guarded by mutex_
};

}  // namespace coroom::detail::application
