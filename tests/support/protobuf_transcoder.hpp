#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace coroom::test {

/// Returns a command of the Centrifuge protocol in Protobuf, behind its length. `command` is the same in
/// JSON. Knows the fields that tests use, and throws std::invalid_argument for others.
std::string protobuf_command(const boost::json::object& command);

/// Returns the replies in a frame of Protobuf as JSON has them. Data must be JSON. Throws
/// std::invalid_argument for a field that it does not know.
std::vector<boost::json::object> replies_of_protobuf(std::string_view frame);

}  // namespace coroom::test
