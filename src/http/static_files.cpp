#include "http/static_files.hpp"

#include "http/content_coding.hpp"
#include "http/content_version.hpp"
#include "http/media_types.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace coroom::http {
namespace {

constexpr std::size_t shortest_hash = 12;  // digits; fewer may be a date

bool has_it_already(const Request& request, std::string_view etag) {
  // Weak comparison: a proxy may have weakened the tag by compressing (RFC 9110 section 8.8.3.2).
  const std::string tags = request.headers.list("If-None-Match");
  return tags == "*" || tags.find(etag) != std::string::npos;
}

/// An address made of another version, before or after a change, must not be kept with these bytes.
bool asks_for_this_version(const Request& request, const Asset& asset) {
  const auto version = request.argument("v");
  return version && version->size() == content_version_size && *version == content_version(asset);
}

/// The bytes that a client gets, and how they are encoded.
struct Variant {
  Asset asset;
  std::string_view coding;  // empty: they are plain
  bool alone = true;        // no other client gets another one
};

/// Two variants may have equal tags of their own: those of a folder are numbers, sizes and times.
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

Response static_file(const AssetSource& source, std::string_view path, const Request& request,
                     std::string_view security_policy) {
  if (path == "/") path = "/index.html";
  std::optional<Asset> found = source.find(path);
  if (!found) return text_response(404, "There is nothing at this address.");
  const bool never_changes = names_its_content(path) || asks_for_this_version(request, *found);
  const Variant variant = variant_for(request, source, path, std::move(*found));

  Response response(has_it_already(request, variant.asset.etag) ? 304 : 200);
  response.headers.add("ETag", variant.asset.etag);
  response.headers.add("Cache-Control", never_changes ? "public, max-age=31536000, immutable" : "no-cache");
  if (!variant.alone) response.headers.add("Vary", "Accept-Encoding");
  if (response.status == 304) return response;

  const std::string type = MediaTypes::of_this_machine().of(path);
  response.headers.add("Content-Type", type);
  if (!variant.coding.empty()) response.headers.add("Content-Encoding", std::string(variant.coding));
  response.headers.add("X-Content-Type-Options", "nosniff");
  if (!security_policy.empty() && is_document(type)) {
    response.headers.add("Content-Security-Policy", std::string(security_policy));
  }
  std::visit([&](const auto& bytes) { response.body = bytes; }, variant.asset.bytes);
  return response;
}

}  // namespace coroom::http
