#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace coroom::test {

/// How a client's zlib compresses.
struct Squeezing {
  int window_bits = 15;
  int level = 6;
  int strategy = 0;  ///< zlib's: Z_DEFAULT_STRATEGY
};

/// A client's zlib: what it is given may refer to what it was given before.
class ZlibDeflater {
 public:
  explicit ZlibDeflater(const Squeezing& how = {});
  ZlibDeflater(const ZlibDeflater&) = delete;
  ZlibDeflater& operator=(const ZlibDeflater&) = delete;
  ~ZlibDeflater();

  /// A message as it is sent (RFC 7692 section 7.2.1).
  std::string message(std::string_view data);

  /// Blocks up to a flush, which a message may have any number of.
  std::string blocks(std::string_view data, int flush);

 private:
  struct Zlib;
  std::unique_ptr<Zlib> zlib_;
};

/// The data of a message of the server, which stands by itself (section 7.2.2). Throws if it does not inflate
/// with this window.
std::string inflated(std::string payload, int window_bits = 15);

}  // namespace coroom::test
