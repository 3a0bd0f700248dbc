#pragma once

#include "auth/origin_policy.hpp"

#include <coroom/request.hpp>

#include <string>
#include <utility>
#include <vector>

namespace coroom::server {

/// The fields that let a page of another origin read the answer, if it may (the Fetch standard, CORS
/// protocol); none if it may not, or if no page asks.
std::vector<std::pair<std::string, std::string>> cross_origin_fields(const Request& request,
                                                                     const auth::OriginPolicy& origins);

}  // namespace coroom::server
