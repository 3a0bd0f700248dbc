#include "centrifuge/emulation_request.hpp"

#include "core/utf8.hpp"

#include <boost/json/parse.hpp>

#include <protozero/pbf_reader.hpp>
#include <utility>

namespace coroom::detail::centrifuge {
namespace {

constexpr auto bytes_type = protozero::pbf_wire_type::length_delimited;

// The fields of the message EmulationRequest.
enum : protozero::pbf_tag_type { node_field = 1, session_field = 2, data_field = 3 };

tl::unexpected<Error> not_protobuf() {
  return failure("The body must be an EmulationRequest in Protobuf.");
}

}  // namespace

Result<EmulationRequest> json::read_emulation(std::string_view body) {
  boost::system::error_code ec;
  const std::string_view text = detail::without_byte_order_mark(body);
  const auto value = boost::json::parse(boost::json::string_view(text.data(), text.size()), ec);
  const boost::json::object* fields = ec ? nullptr : value.if_object();
  EmulationRequest request;
  for (const auto& [name, to] : {std::pair("session", &request.session), std::pair("node", &request.node),
                                 std::pair("data", &request.data)}) {
    const boost::json::value* field = fields != nullptr ? fields->if_contains(name) : nullptr;
    const boost::json::string* text_of_field = field != nullptr ? field->if_string() : nullptr;
    if (text_of_field == nullptr)
      return failure("The body must be a JSON object with the strings session, node and data.");
    *to = *text_of_field;
  }
  return request;
}

Result<EmulationRequest> protobuf::read_emulation(std::string_view body) {
  EmulationRequest request;
  try {
    protozero::pbf_reader reader(body.data(), body.size());
    while (reader.next()) {
      if (reader.wire_type() != bytes_type && (reader.tag() <= data_field)) return not_protobuf();
      if (reader.tag() == node_field) {
        request.node = reader.get_string();
      } else if (reader.tag() == session_field) {
        request.session = reader.get_string();
      } else if (reader.tag() == data_field) {
        request.data = reader.get_string();
      } else {
        reader.skip();
      }
    }
  } catch (const protozero::exception&) {
    return not_protobuf();
  }
  return request;
}

}  // namespace coroom::detail::centrifuge
