#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace coroom::test {

/// Parameters of zlib.
struct Squeezing {
  int window_bits = 15;
  int level = 6;
  int strategy = 0;  ///< zlib's: Z_DEFAULT_STRATEGY
};

/// Compresses as a client does, with context takeover between messages.
class ZlibDeflater {
 public:
  explicit ZlibDeflater(const Squeezing& how = {});
  ZlibDeflater(const ZlibDeflater&) = delete;
  ZlibDeflater& operator=(const ZlibDeflater&) = delete;
  ~ZlibDeflater();

  /// Returns a message in the form of RFC 7692 section 7.2.1.
  std::string message(std::string_view data);

  /// Returns blocks up to a flush. A message may have several flushes.
  std::string blocks(std::string_view data, int flush);

 private:
  struct Zlib;
  std::unique_ptr<Zlib> zlib_;
};

/// Inflates a message of the server without context (section 7.2.2). Throws if the data needs a larger
/// window.
std::string inflated(std::string payload, int window_bits = 15);

}  // namespace coroom::test
