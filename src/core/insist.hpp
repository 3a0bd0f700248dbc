#pragma once

#include <coroom/log.hpp>

#include <string_view>
#include <thread>

namespace coroom::detail {

/// Retries a call that must succeed and cannot be repeated later, such as the removal of a member. The call
/// may throw for lack of memory, which other threads may free shortly. Logs the loss if all attempts fail.
/// Never throws.
template <class Call>
void insist(std::string_view what, Call call) noexcept {
  constexpr int tries = 16;
  for (int attempt = 0; attempt != tries; ++attempt) {
    try {
      return call();
    } catch (...) {
      std::this_thread::yield();
    }
  }
  logging::error("out of memory", {{"lost", what}});
}

}  // namespace coroom::detail
