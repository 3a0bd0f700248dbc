#pragma once

#include "core/url_target.hpp"

#include <coroom/error.hpp>

#include <string_view>

namespace coroom::detail::http {

/// The parts of the URL of a document to fetch.
using FetchTarget = detail::UrlTarget;

/// Parses an https URL, or an http URL on a loopback host: other networks could change the document. Fails
/// for any other text; the error names the reason and not the query.
Result<FetchTarget> parse_fetch_target(std::string_view url);

}  // namespace coroom::detail::http
