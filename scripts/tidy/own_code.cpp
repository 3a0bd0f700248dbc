// A plugin of clang-tidy with one check, coroom-own-code, which has no findings itself. It restricts the
// other checks to the project's own declarations, without those of Boost and the standard library in each
// file. Findings in them are never shown, and the search for them takes four fifths of the time. (clang-tidy
// of LLVM 21 and later has this built in.)

#include <clang-tidy/ClangTidyCheck.h>
#include <clang-tidy/ClangTidyModule.h>
#include <clang-tidy/ClangTidyModuleRegistry.h>
#include <clang/AST/ASTContext.h>
#include <clang/ASTMatchers/ASTMatchFinder.h>
#include <clang/Basic/SourceManager.h>
#include <vector>

namespace {

namespace tidy = clang::tidy;
namespace matchers = clang::ast_matchers;

class OwnCode final : public tidy::ClangTidyCheck {
 public:
  using ClangTidyCheck::ClangTidyCheck;

  void registerMatchers(matchers::MatchFinder* finder) override {
    finder->addMatcher(matchers::translationUnitDecl(), this);
  }

  /// Called for the first node of all, before the traversal reads its scope.
  void check(const matchers::MatchFinder::MatchResult& result) override {
    const clang::SourceManager& sources = *result.SourceManager;
    std::vector<clang::Decl*> own;
    for (clang::Decl* declaration : result.Context->getTranslationUnitDecl()->decls()) {
      const auto location = sources.getExpansionLoc(declaration->getLocation());
      if (location.isValid() && !sources.isInSystemHeader(location)) own.push_back(declaration);
    }
    result.Context->setTraversalScope(own);
  }
};

class OwnCodeModule final : public tidy::ClangTidyModule {
 public:
  void addCheckFactories(tidy::ClangTidyCheckFactories& factories) override {
    factories.registerCheck<OwnCode>("coroom-own-code");
  }
};

const tidy::ClangTidyModuleRegistry::Add<OwnCodeModule> registered("coroom", "");

}  // namespace
