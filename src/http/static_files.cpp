#include "http/static_files.hpp"

#include "http/content_version.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace coroom::http {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 17> media_types = {{
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".txt", "text/plain; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".gif", "image/gif"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".wasm", "application/wasm"},
}};

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

}  // namespace

std::string_view media_type(std::string_view path) {
  const auto found =
      std::ranges::find_if(media_types, [&](const auto& entry) { return path.ends_with(entry.first); });
  return found == media_types.end() ? "application/octet-stream" : found->second;
}

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
  const std::optional<Asset> asset = source.find(path);
  if (!asset) return text_response(404, "There is nothing at this address.");

  Response response(has_it_already(request, asset->etag) ? 304 : 200);
  response.headers.add("ETag", asset->etag);
  const bool never_changes = names_its_content(path) || asks_for_this_version(request, *asset);
  response.headers.add("Cache-Control", never_changes ? "public, max-age=31536000, immutable" : "no-cache");
  if (response.status == 304) return response;

  const std::string_view type = media_type(path);
  response.headers.add("Content-Type", std::string(type));
  response.headers.add("X-Content-Type-Options", "nosniff");
  if (!security_policy.empty() && type.starts_with("text/html")) {
    response.headers.add("Content-Security-Policy", std::string(security_policy));
  }
  std::visit([&](const auto& bytes) { response.body = bytes; }, asset->bytes);
  return response;
}

}  // namespace coroom::http
