#include "web/content_version.hpp"

#include <boost/algorithm/hex.hpp>

#include <array>
#include <iterator>
#include <openssl/evp.h>
#include <stdexcept>
#include <string_view>
#include <type_traits>

namespace coroom::detail::web {
namespace {

/// Returns the bytes that identify this version. For a large file that is its ETag, since a hash of the
/// content would require reading the whole file.
std::string_view told_by(const Asset& asset) {
  return std::visit(
      [&](const auto& held) -> std::string_view {
        using AssetBytes = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<AssetBytes, SharedBytes>) {
          return *held;
        } else if constexpr (std::is_same_v<AssetBytes, std::shared_ptr<const ByteSource>>) {
          return asset.etag;
        } else {
          return held;
        }
      },
      asset.bytes);
}

}  // namespace

std::string content_version(const Asset& asset) {
  const std::string_view bytes = told_by(asset);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("OpenSSL has no SHA-256");
  std::string version;
  boost::algorithm::hex_lower(digest.begin(), digest.begin() + content_version_size / 2,
                              std::back_inserter(version));
  return version;
}

}  // namespace coroom::detail::web
