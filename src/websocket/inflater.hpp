#pragma once

#include "websocket/violation.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace coroom::detail::websocket {

/// Inflates the messages of one sender (RFC 7692 section 7.2.2), in a window of 32 KiB.
class Inflater {
 public:
  Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater();

  /// Inflates one message. Returns a violation if it is not valid, or has more than `longest` bytes inflated.
  tl::expected<std::string, Violation> run(std::string_view compressed, std::size_t longest);

  /// Clears the window: later messages do not refer to earlier ones.
  void forget();

 private:
  class Zlib;
  std::unique_ptr<Zlib> zlib_;
};

}  // namespace coroom::detail::websocket
