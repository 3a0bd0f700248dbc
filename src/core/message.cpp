#include <coroom/message.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace coroom {

Message::Message(const boost::json::value& json) : Message(Kind::json, boost::json::serialize(json)) {}
Message::Message(const boost::json::object& json) : Message(Kind::json, boost::json::serialize(json)) {}
Message::Message(const boost::json::array& json) : Message(Kind::json, boost::json::serialize(json)) {}

}  // namespace coroom
