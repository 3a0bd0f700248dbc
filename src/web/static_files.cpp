#include "web/static_files.hpp"

#include "http/byte_range.hpp"
#include "web/content_coding.hpp"
#include "web/content_version.hpp"
#include "web/media_types.hpp"
#include "web/range_choice.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace coroom::detail::web {
namespace {

constexpr std::size_t shortest_hash = 12;  // digits; a shorter one may be a date

/// Compares the date as text, since clients return the date that they received.
bool has_it_already(const Request& request, std::string_view etag, std::string_view modified) {
  if (request.headers.get("If-None-Match")) {
    // Weak comparison: a proxy may have weakened the tag by compressing (RFC 9110 section 8.8.3.2).
    const std::string tags = request.headers.list("If-None-Match");
    return tags == "*" || tags.find(etag) != std::string::npos;
  }
  return !modified.empty() && request.headers.get("If-Modified-Since") == modified;
}

/// Returns the part of the file to send. It is the whole file unless the request is a GET, or if the client
/// knows another version (RFC 9110 sections 13.1.5 and 14.2).
RangeChoice range_for(const Request& request, std::uint64_t size, std::string_view etag,
                      std::string_view modified) {
  if (request.method != "GET") return {};
  const auto version = request.headers.get("If-Range");
  if (version && *version != etag && (modified.empty() || *version != modified)) return {};
  return choose_range(request.headers.get("Range"), size);
}

std::uint64_t size_of(const Asset& asset) {
  if (const auto* view = std::get_if<std::string_view>(&asset.bytes)) return view->size();
  if (const auto* held = std::get_if<SharedBytes>(&asset.bytes)) return (*held)->size();
  return std::get<std::shared_ptr<const ByteSource>>(asset.bytes)->size();
}

/// Sets the body to the range of the asset.
void set_body(http::Response& response, Asset asset, const http::ByteRange& range) {
  if (auto* view = std::get_if<std::string_view>(&asset.bytes)) {
    response.body = view->substr(range.first, range.size);
  } else if (auto* held = std::get_if<SharedBytes>(&asset.bytes)) {
    if (range.size == (*held)->size()) {
      response.body = std::move(*held);
    } else {
      response.body = (*held)->substr(range.first, range.size);
    }
  } else {
    response.body =
        http::FilePart{std::get<std::shared_ptr<const ByteSource>>(std::move(asset.bytes)), range};
  }
}

/// A URL of another version, older or newer, must not be cached with these bytes.
bool asks_for_this_version(const Request& request, const Asset& asset) {
  const auto version = request.argument("v");
  return version && version->size() == content_version_size && *version == content_version(asset);
}

/// The bytes for a client, and their coding.
struct Variant {
  Asset asset;
  std::string_view coding;  // empty: not compressed
  bool alone = true;        // all clients get the same variant
};

/// Appends the coding, since the ETags of two variants may be equal: in a folder they consist of numbers,
/// sizes and times.
std::string etag_of(std::string etag, std::string_view coding) {
  return etag.insert(etag.rfind('"'), "-" + std::string(coding));
}

Variant variant_for(const Request& request, const AssetSource& source, std::string_view path, Asset plain) {
  for (const ContentCoding& coding : codings_for(request.headers.list("Accept-Encoding"))) {
    auto compressed = source.find_compressed(path, coding.ending);
    if (!compressed) continue;
    compressed->etag = etag_of(std::move(compressed->etag), coding.name);
    return {std::move(*compressed), coding.name, false};
  }
  const bool alone = std::ranges::none_of(content_codings(), [&](const ContentCoding& coding) {
    return source.find_compressed(path, coding.ending).has_value();
  });
  return {std::move(plain), {}, alone};
}

}  // namespace

bool names_its_content(std::string_view path) {
  const std::size_t dash = path.rfind('-');
  const std::size_t dot = path.find('.', std::min(dash, path.size()));
  if (dash == std::string_view::npos || dot == std::string_view::npos) return false;
  const std::string_view hash = path.substr(dash + 1, dot - dash - 1);
  const auto is_letter = [](char digit) { return digit >= 'a' && digit <= 'f'; };
  const auto is_hexadecimal = [&](char digit) { return is_letter(digit) || (digit >= '0' && digit <= '9'); };
  return hash.size() >= shortest_hash && std::ranges::all_of(hash, is_hexadecimal) &&
         std::ranges::any_of(hash, is_letter);
}

http::Response static_file(const AssetSource& source, std::string_view path, const Request& request,
                           std::string_view security_policy, std::string_view media_type) {
  if (path == "/") path = "/index.html";
  std::optional<Asset> found = source.find(path);
  if (!found) return http::text_response(404, "There is no resource at this URL.");
  const bool never_changes = names_its_content(path) || asks_for_this_version(request, *found);
  Variant variant = variant_for(request, source, path, std::move(*found));

  const std::string modified =
      variant.asset.modified ? http::http_date(*variant.asset.modified) : std::string();
  http::Response response(has_it_already(request, variant.asset.etag, modified) ? 304 : 200);
  response.headers.add("ETag", variant.asset.etag);
  response.headers.add("Cache-Control", never_changes ? "public, max-age=31536000, immutable" : "no-cache");
  if (!modified.empty()) response.headers.add("Last-Modified", modified);
  if (!variant.alone) response.headers.add("Vary", "Accept-Encoding");
  if (response.status == 304) return response;

  const std::uint64_t size = size_of(variant.asset);
  const RangeChoice chosen = range_for(request, size, variant.asset.etag, modified);
  if (chosen.kind == RangeChoice::Kind::unsatisfiable) {
    response = http::text_response(416, "The requested range is outside the file.");
    response.headers.add("Content-Range", "bytes */" + std::to_string(size));
    return response;
  }
  response.headers.add("Accept-Ranges", "bytes");
  const std::string type =
      media_type.empty() ? MediaTypes::of_this_machine().of(path) : std::string(media_type);
  response.headers.add("Content-Type", type);
  if (!variant.coding.empty()) response.headers.add("Content-Encoding", std::string(variant.coding));
  response.headers.add("X-Content-Type-Options", "nosniff");
  if (!security_policy.empty() && is_document(type)) {
    response.headers.add("Content-Security-Policy", std::string(security_policy));
  }
  http::ByteRange range{0, size};
  if (chosen.kind == RangeChoice::Kind::part) {
    range = chosen.range;
    response.status = 206;
    response.headers.add("Content-Range", "bytes " + std::to_string(range.first) + '-' +
                                              std::to_string(range.first + range.size - 1) + '/' +
                                              std::to_string(size));
  }
  set_body(response, std::move(variant.asset), range);
  return response;
}

}  // namespace coroom::detail::web
