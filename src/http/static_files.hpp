#pragma once

#include "http/response.hpp"

#include <coroom/assets.hpp>

#include <string_view>

namespace coroom::detail::http {

/// True if the name carries a hash of its content (`chat-8deb7aa3f883.js`), so that the bytes under it never
/// change.
bool names_its_content(std::string_view path);

/// The answer to a GET or HEAD for a static file: with its type, an ETag and Cache-Control; 304 where the
/// client has it already (RFC 9110 section 13.1.2), 404 where there is none. "/" is "/index.html". It may be
/// kept for ever if its name or the query's `v` (content_version()) says what it holds; else it is asked for
/// anew each time. Where the source has the file compressed too, the answer is what the client's
/// Accept-Encoding prefers, each with an ETag of its own.
/// A part that a Range field asks for is 206, unless If-Range names another version (RFC 9110 section 14).
/// `security_policy` goes with every HTML file, and other documents whose scripts run, as
/// Content-Security-Policy; empty sends none. `type` is the media type; empty: that of the system's table.
Response static_file(const AssetSource& source, std::string_view path, const Request& request,
                     std::string_view security_policy, std::string_view type = {});

}  // namespace coroom::detail::http
