#pragma once

#include <coroom/request.hpp>

#include <string>
#include <utility>
#include <vector>

namespace coroom::detail::http {

/// The fields that let a page of another origin read the answer (the Fetch standard, CORS protocol); none if
/// no page asks.
std::vector<std::pair<std::string, std::string>> cross_origin_fields(const Request& request);

}  // namespace coroom::detail::http
