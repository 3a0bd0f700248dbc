#pragma once

#include <coroom/log.hpp>

#include <string_view>
#include <thread>

namespace coroom::detail {

/// Makes a call that must not fail, as there is no later: a member that leaves, say. It may throw for want of
/// memory, which others are giving back just then; so it is tried some times. Never throws.
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
