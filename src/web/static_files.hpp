#pragma once

#include "http/response.hpp"

#include <coroom/assets.hpp>

#include <string_view>

namespace coroom::detail::web {

/// Returns whether the name contains a hash of the content (`chat-8deb7aa3f883.js`), so that its bytes never
/// change.
bool names_its_content(std::string_view path);

/// Returns the response to a GET or HEAD for a static file, with its type, an ETag and Cache-Control. It is
/// 304 if the client has this version (RFC 9110 section 13.1.2), and 404 if there is no such file. "/" means
/// "/index.html".
///
/// The response may be cached forever if the name or the `v` parameter of the query (content_version())
/// identifies the content. Otherwise clients must revalidate it each time. If the source has compressed
/// variants, the client's Accept-Encoding selects one; each has its own ETag.
///
/// A part selected by a Range field is 206, unless If-Range names another version (RFC 9110 section 14).
/// `security_policy` is sent as Content-Security-Policy with HTML files and other documents that run scripts;
/// empty: none. `type` is the media type; empty: from the system's table.
http::Response static_file(const AssetSource& source, std::string_view path, const Request& request,
                           std::string_view security_policy, std::string_view type = {});

}  // namespace coroom::detail::web
