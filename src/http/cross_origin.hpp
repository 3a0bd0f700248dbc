#pragma once

#include <coroom/request.hpp>

#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::http {

/// Returns the header fields that allow a page of another origin to read the response (Fetch standard, CORS
/// protocol). Returns none if the request has no Origin field.
std::vector<std::pair<std::string, std::string>> cross_origin_fields(const Request& request);

}  // namespace coroom::detail::http
