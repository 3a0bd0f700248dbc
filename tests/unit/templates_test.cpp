#include "core/folder.hpp"
#include "support/temporary.hpp"
#include "templates/tags.hpp"
#include "templates/template_folder.hpp"

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coroom::detail::templates {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TemplatesTest : public testing::Test {
 protected:
  [[nodiscard]] Result<std::string> render(const std::string& name, std::string_view context = "null") const {
    const TemplateFolder templates(*detail::readable_folder(folder_.path() / "root"), CachePolicy::keep);
    return templates.render(name, boost::json::parse(context),
                            [](std::string_view path) { return "/static/" + std::string(path) + "?v=1"; });
  }

  /// Renders a template with this text. Returns the page, or the error.
  [[nodiscard]] std::string rendered(std::string_view text, std::string_view context = "null") const {
    folder_.write("root/page.html", text);
    const auto page = render("page.html", context);
    return page ? *page : page.error().message;
  }

  [[nodiscard]] std::string error(const std::string& name) const {
    const auto page = render(name);
    return page ? "no error: " + *page : page.error().message;
  }

  test::TemporaryFolder folder_;
};

TEST_F(TemplatesTest, InsertsMembersOfTheContext) {
  EXPECT_EQ(rendered("{{a}} {{ b }} {{c}} {{d.e}} {{f}}{{g}}.",
                     R"({"a": "茶", "b": -7, "c": 1.5, "d": {"e": 18446744073709551615}, "f": null})"),
            "茶 -7 1.5 18446744073709551615 .");
}

TEST_F(TemplatesTest, EscapesHtml) {
  const char* context = R"({"x": "<a href=\"'\">&"})";
  EXPECT_EQ(rendered("{{x}}", context), "&lt;a href=&quot;&apos;&quot;&gt;&amp;");
  EXPECT_EQ(rendered("{{{x}}} {{& x}}", context), R"(<a href="'">& <a href="'">&)");
}

TEST_F(TemplatesTest, RepeatsArraysAndEvaluatesConditions) {
  EXPECT_EQ(rendered("{{#rows}}{{name}}:{{#tags}}{{.}},{{/tags}};{{/rows}}",
                     R"({"rows": [{"name": "a", "tags": ["x", 2]}, {"name": "b"}]})"),
            "a:x,2,;b:;");
  const char* choice = "{{#x}}yes{{/x}}{{^x}}no{{/x}}";
  for (const char* no : {"{}", R"({"x": null})", R"({"x": false})", R"({"x": ""})", R"({"x": []})"})
    EXPECT_EQ(rendered(choice, no), "no") << no;
  for (const char* yes : {R"({"x": true})", R"({"x": "a"})", R"({"x": 1})", R"({"x": {}})", R"({"x": [1]})"})
    EXPECT_EQ(rendered(choice, yes), "yes") << yes;
}

TEST_F(TemplatesTest, IncludesOtherTemplates) {
  folder_.write("root/parts/head.html", "<h1>{{title}}</h1>{{> parts/rule.html}}");
  folder_.write("root/parts/rule.html", "<hr>");
  EXPECT_EQ(rendered("{{> parts/head.html}}{{> parts/rule.html}}", R"({"title": "T"})"),
            "<h1>T</h1><hr><hr>");
  EXPECT_EQ(rendered("{{#rows}}{{>parts/head.html}}{{/rows}}", R"({"rows": [{"title": 1}, {"title": 2}]})"),
            "<h1>1</h1><hr><h1>2</h1><hr>");
}

TEST_F(TemplatesTest, InsertsUrlsOfStaticFiles) {
  EXPECT_EQ(
      rendered(R"({{static_url('js/jquery.min.js')}} {{ static_url( "b.css" ) }} {{{static_url("b.css")}}})"),
      "/static/js/jquery.min.js?v=1 /static/b.css?v=1 /static/b.css?v=1");
  EXPECT_THAT(rendered("{{static_url(path)}}"), HasSubstr("page.html: static_url takes one path in quotes"));
  EXPECT_EQ(rendered("{{static_urls}}", R"({"static_urls": 1})"), "1");
}

TEST_F(TemplatesTest, NamesMissingTemplates) {
  folder_.write("root/page.html", "{{#x}}\n{{> missing.html}}{{/x}}");
  EXPECT_THAT(error("nope.html"), HasSubstr("template nope.html: there is no such file in " +
                                            (folder_.path() / "root").string()));
  EXPECT_THAT(error("page.html"),
              testing::AllOf(HasSubstr("template missing.html"), HasSubstr("root/page.html")));
}

TEST_F(TemplatesTest, NamesTheLineOfASyntaxError) {
  EXPECT_THAT(rendered("a\nb {{c\n"), HasSubstr("root/page.html, line 2: Unclosed tag"));
  EXPECT_THAT(rendered("a\n\n{{#b}}\n"), HasSubstr("root/page.html, line 3: Unclosed section \"b\""));
  EXPECT_THAT(rendered("{{/b}}"), HasSubstr("Unopened section"));
  EXPECT_THAT(rendered("{{=x}}"), HasSubstr("Invalid set delimiter tag"));
  EXPECT_THAT(rendered("{{"), HasSubstr("Unclosed tag"));
  folder_.write("root/part.html", "\n{{#a}}{{/b}}");
  EXPECT_THAT(rendered("{{> part.html}}"), HasSubstr("root/part.html, line 2: Unclosed section \"a\""));
}

TEST_F(TemplatesTest, RejectsRecursiveIncludes) {
  folder_.write("root/a.html", "{{#x}}{{> b.html}}{{/x}}");
  folder_.write("root/b.html", "{{> a.html}}");
  EXPECT_THAT(error("a.html"), HasSubstr("root/b.html: includes a.html, which includes it"));
  EXPECT_THAT(rendered("{{> page.html}}"), HasSubstr("which includes it"));
}

TEST_F(TemplatesTest, ReadsOnlyBelowItsFolder) {
  namespace fs = std::filesystem;
  folder_.write("secret.html", "secret");
  folder_.write("root/sub/page.html", "page");
  fs::create_symlink(folder_.path() / "secret.html", folder_.path() / "root" / "out.html");
  fs::create_symlink(folder_.path(), folder_.path() / "root" / "up");
  fs::create_symlink("sub/page.html", folder_.path() / "root" / "inner.html");
  const std::string absolute = (folder_.path() / "root/sub/page.html").string();
  for (const std::string& name :
       {std::string("../secret.html"), std::string("sub/../../secret.html"),
        std::string("../root/sub/page.html"), std::string("out.html"), std::string("up/secret.html"),
        std::string("/etc/passwd"), absolute, std::string("sub"), std::string(), std::string("."),
        std::string("sub//page.html"), std::string("sub/page.html\0.html", 19)}) {
    EXPECT_THAT(error(name), HasSubstr("there is no such file")) << name;
    EXPECT_THAT(rendered("{{> " + name + "}}"), HasSubstr("there is no such file")) << name;
  }
  EXPECT_EQ(render("inner.html"), "page") << "a link inside the folder is followed";
}

TEST_F(TemplatesTest, ReadsATemplateOnceIfCached) {
  folder_.write("root/page.html", "{{> part.html}} 1");
  folder_.write("root/part.html", "part 1");
  const auto root = *detail::readable_folder(folder_.path() / "root");
  const TemplateFolder cached(root, CachePolicy::keep);
  const TemplateFolder uncached(root, CachePolicy::reload);
  EXPECT_EQ(cached.render("page.html", nullptr, {}), "part 1 1");
  EXPECT_EQ(uncached.render("page.html", nullptr, {}), "part 1 1");
  folder_.write("root/page.html", "{{> part.html}} 2");
  folder_.write("root/part.html", "part 2");
  EXPECT_EQ(cached.render("page.html", nullptr, {}), "part 1 1");
  EXPECT_EQ(uncached.render("page.html", nullptr, {}), "part 2 2");
}

TEST_F(TemplatesTest, ReadsABrokenTemplateAgain) {
  const TemplateFolder templates(*detail::readable_folder(folder_.path()), CachePolicy::keep);
  folder_.write("page.html", "{{#a}}");
  EXPECT_FALSE(templates.render("page.html", nullptr, {}));
  folder_.write("page.html", "whole");
  EXPECT_EQ(templates.render("page.html", nullptr, {}), "whole");
}

TEST_F(TemplatesTest, FindsIncludesWithAnyDelimiters) {
  EXPECT_THAT(included_in("{{> a}}{{>b.html }}{{{> no}}}{{& no}}{{! > no}}{{no}}"),
              ElementsAre("a", "b.html"));
  EXPECT_THAT(included_in("{{=<% %>=}}{{> no}}<%> a%><%={{ }}=%>{{> b}}"), ElementsAre("a", "b"));
  EXPECT_THAT(included_in("{{> a}}{{> b"), ElementsAre("a"));
  EXPECT_THAT(included_in("{{"), ElementsAre());
  EXPECT_THAT(included_in("{{}}{{=}}{{= =}}{{=a=}}{{> b}}"), ElementsAre("b"));
}

}  // namespace
}  // namespace coroom::detail::templates
