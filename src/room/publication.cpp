#include <coroom/publication.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <utility>

namespace coroom {

Publication::Publication(SharedClientInfo who, const boost::json::value& said)
    : Publication(of_checked_json(std::move(who), boost::json::serialize(said))) {}

}  // namespace coroom
